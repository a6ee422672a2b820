import type { Log } from '@reckon/protocol/base/ports';

/** Writes a record after each change, one write at a time: changes during a write are written together by the next. */
export function createRecordKeeper(write: () => Promise<void>, log: Log): { changed(): void } {
  let dirty = false;
  let writing = false;

  async function writeAll(): Promise<void> {
    if (writing) return;
    writing = true;
    while (dirty) {
      dirty = false;
      await write().catch((error: unknown) => log.warn({ cause: String(error) }, 'record.not-written'));
    }
    writing = false;
  }

  return {
    changed() {
      dirty = true;
      void writeAll();
    },
  };
}
