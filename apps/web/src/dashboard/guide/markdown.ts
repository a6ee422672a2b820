/** The Markdown that our own docs are written in, and no more of it: no HTML, no images, no lists within lists. */
export type Block =
  | { kind: 'heading'; level: number; text: string; id: string }
  | { kind: 'paragraph'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; head: string[]; rows: string[][] };

export type Inline = { kind: 'text' | 'code' | 'strong' | 'emphasis' | 'link'; text: string };

/** "A WGSL shader" as a-wgsl-shader. */
export const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

const FENCE = '```';
const HEADING = /^(#{1,4}) (.+)$/;
const ITEM = /^[-*] (.+)$/;
const isSpecial = (line: string): boolean =>
  line.trim() === '' || line.startsWith(FENCE) || line.startsWith('|') || HEADING.test(line) || ITEM.test(line);

/** Cuts a text into blocks. Pure. */
export function readMarkdown(markdown: string): Block[] {
  const lines = markdown.split('\n');
  const blocks: Block[] = [];
  let at = 0;
  /** Lines from here on as long as they fit. */
  const take = (fits: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && fits(lines[at] as string)) at++;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at] as string;
    const [, marks, title] = HEADING.exec(line) ?? [];
    if (line.startsWith(FENCE)) {
      at++;
      blocks.push({ kind: 'code', text: take((each) => !each.startsWith(FENCE)).join('\n') });
      at++;
    } else if (marks !== undefined && title !== undefined) {
      at++;
      blocks.push({ kind: 'heading', level: marks.length, text: title, id: slugOf(title) });
    } else if (line.startsWith('|')) {
      const [head = [], , ...rows] = take((each) => each.startsWith('|')).map(cellsOf);
      blocks.push({ kind: 'table', head, rows });
    } else if (ITEM.test(line)) {
      const items: string[] = [];
      for (let item = ITEM.exec(lines[at] ?? ''); item !== null; item = ITEM.exec(lines[at] ?? '')) {
        at++;
        items.push([item[1], ...take((each) => !isSpecial(each))].map((each) => each?.trim()).join(' '));
      }
      blocks.push({ kind: 'list', items });
    } else if (line.trim() === '') {
      at++;
    } else {
      blocks.push({ kind: 'paragraph', text: take((each) => !isSpecial(each)).join(' ') });
    }
  }
  return blocks;
}

/** A table's row; a bar within code is written `\|`. */
const cellsOf = (row: string): string[] =>
  row
    .replace(/^\|/, '')
    .replace(/\|\s*$/, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));

const INLINE = /(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*|\[[^\]]+\]\([^)]+\))/;

/** A line's code, strong words, emphasis and links; a link keeps its words alone, for it leads into the repository. */
export function readInline(text: string): Inline[] {
  return text
    .split(INLINE)
    .filter((part) => part !== '')
    .map((part): Inline => {
      if (part.startsWith('`') && part.length > 1) return { kind: 'code', text: part.slice(1, -1) };
      if (part.startsWith('**')) return { kind: 'strong', text: part.slice(2, -2) };
      const link = /^\[([^\]]+)\]\([^)]+\)$/.exec(part)?.[1];
      if (link !== undefined) return { kind: 'link', text: link.replaceAll('`', '') };
      if (/^\*[^*\s].*\*$/.test(part)) return { kind: 'emphasis', text: part.slice(1, -1) };
      return { kind: 'text', text: part };
    });
}
