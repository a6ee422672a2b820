import type { SeenCheckpoints } from '@reckon/client/audit/checkpoints';
import { openDB } from 'idb';

const STORE = 'checkpoints';

/** The newest checkpoint this browser saw of each log. Without storage each audit is a first one. */
export async function openSeenCheckpoints(): Promise<SeenCheckpoints> {
  try {
    const database = await openDB('reckon-audit', 1, {
      upgrade: (opened) => void opened.createObjectStore(STORE),
    });
    return {
      async load(origin) {
        const note: unknown = await database.get(STORE, origin);
        return typeof note === 'string' ? note : undefined;
      },
      async save(origin, note) {
        await database.put(STORE, note, origin);
      },
    };
  } catch {
    return { load: () => Promise.resolve(undefined), save: () => Promise.resolve() };
  }
}
