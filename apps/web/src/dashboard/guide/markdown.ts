import { lexer, type Token, type Tokens } from 'marked';

/** "A WGSL shader" as a-wgsl-shader. */
export const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** What of Markdown our own docs are written in: no HTML, no images. */
export type Block = Tokens.Heading | Tokens.Paragraph | Tokens.Code | Tokens.List | Tokens.Table | Tokens.Text;

const KINDS: ReadonlySet<string> = new Set(['heading', 'paragraph', 'code', 'list', 'table', 'text']);
const isBlock = (token: Token): token is Block => KINDS.has(token.type);

/** The blocks among tokens; blank lines go. */
export const blocksOf = (tokens: readonly Token[]): Block[] => tokens.filter(isBlock);

/** Cuts a text into blocks. Pure. */
export const readMarkdown = (markdown: string): Block[] => blocksOf(lexer(markdown));
