/** Why text is no JSON, with the place where the engine tells it: for `received`. */
export function jsonFault(error: unknown): string {
  if (!(error instanceof SyntaxError)) return 'other bytes';
  const words = error.message.replace(/^JSON\.parse: /, '').replace(/, "[^]*" is not valid JSON$/, '');
  return `other text (${words.slice(0, 120)})`;
}

/** JSON with `bigint` as decimal strings; every schema that expects a bigint parses it back (`base/units.ts`). */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) => (typeof field === 'bigint' ? field.toString() : field));
}
