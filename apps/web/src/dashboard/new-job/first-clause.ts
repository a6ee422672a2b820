/** A summary as far as a card has room: up to the colon or the end of its first sentence. */
export function firstClause(summary: string): string {
  const end = summary.search(/: |\. /);
  return end === -1 ? summary : `${summary.slice(0, end)}.`;
}
