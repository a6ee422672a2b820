/** JSON with `bigint` as decimal strings; every schema that expects a bigint parses it back (`base/units.ts`). */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) => (typeof field === 'bigint' ? field.toString() : field));
}
