/** One verdict as docs/verification.md explains it: its code, and each paragraph by its lead ("What to do"). */
export interface VerdictEntry {
  code: string;
  parts: readonly { lead: string; text: string }[];
}

/** Reads the section "Verdict codes" of docs/verification.md. Pure. */
export function readVerdicts(markdown: string): VerdictEntry[] {
  const section = markdown.split(/^## /m).find((part) => part.startsWith('Verdict codes')) ?? '';
  const [, ...entries] = section.split(/^### /m);
  return entries.map((entry) => {
    const [code = '', ...paragraphs] = entry.split(/\n{2,}/);
    const parts = paragraphs.flatMap((paragraph) => {
      const [, lead, text] = /^\*(.+?)\.\* ([\s\S]+)$/.exec(paragraph.trim()) ?? [];
      return lead === undefined || text === undefined ? [] : [{ lead, text: text.replaceAll('\n', ' ') }];
    });
    return { code: code.trim(), parts };
  });
}
