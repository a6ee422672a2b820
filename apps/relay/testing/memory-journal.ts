import type { Journal } from '../src/journal/journal.ts';

/** A journal in memory. `entries` may be handed to another to play a restart. */
export function createMemoryJournal(entries: Uint8Array[] = []): Journal & { readonly entries: Uint8Array[] } {
  return {
    entries,
    get size() {
      return entries.length;
    },
    async append(more) {
      entries.push(...more.map((entry) => entry.slice()));
    },
    *read(from) {
      for (const entry of entries.slice(from)) yield entry.slice();
    },
    close() {},
  };
}
