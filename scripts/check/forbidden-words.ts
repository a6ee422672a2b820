import type { SourceFile } from './source-files.ts';

interface Rule {
  readonly pattern: RegExp;
  readonly reason: string;
  /** Files the rule is about. */
  readonly files: RegExp;
  /** Files that may say it, because they say why we do not. */
  readonly except?: RegExp;
}

const CODE = /\.(ts|tsx|mjs|cjs|js|sol|wgsl|css|html)$/;
const ANY = /./;
/** The places that define the words, and this list. */
const DEFINITIONS = /^(docs\/|README\.md$|scripts\/check\/forbidden-words)/;

const RULES: readonly Rule[] = [
  {
    // But for the name of a flag of the test chain.
    pattern: /(?<!--mixed-)\b(crypto)?min(er|ers|ing)\b/i,
    reason: 'we are a Node and a Volunteer',
    files: ANY,
    except: DEFINITIONS,
  },
  { pattern: /\btrustless/i, reason: 'say who is trusted for what', files: ANY, except: DEFINITIONS },
  { pattern: /\bsub-?tasks?\b/i, reason: 'the word is WorkUnit', files: ANY, except: DEFINITIONS },
  { pattern: /\b(TODO|FIXME|XXX)\b/, reason: 'finish it, or open an issue', files: CODE, except: DEFINITIONS },
  // Written so that this line does not match itself.
  { pattern: /(^|[\s'"`(=:])\/(?:work|farm)\/[a-z]/, reason: 'a path of one machine', files: ANY },
  { pattern: /(^|[\s'"`(=:])\/(?:home|Users)\/[a-z]/, reason: 'a path of one machine', files: ANY },
];

/** One line of text for each forbidden word or path, as `file:line: "word" (reason)`. */
export function findForbiddenWords(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => file.path !== 'package-lock.json')
    .flatMap((file) => file.text.split('\n').flatMap((line, index) => checkLine(file.path, line, index + 1)));
}

function checkLine(path: string, line: string, number: number): string[] {
  return RULES.filter((rule) => rule.files.test(path) && !rule.except?.test(path)).flatMap((rule) => {
    const word = rule.pattern.exec(line)?.[0].trim();
    return word === undefined ? [] : [`${path}:${number}: "${word}" (${rule.reason})`];
  });
}
