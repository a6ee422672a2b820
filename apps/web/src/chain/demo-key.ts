import { toHex, type Hex } from '@reckon/protocol/base/bytes';
import { type IDBPDatabase, openDB } from 'idb';

const STORE = 'keys';
const NAME = 'demo';

const open = (): Promise<IDBPDatabase> =>
  openDB('reckon-demo-wallet', 1, { upgrade: (database) => void database.createObjectStore(STORE) });

/** The browser profile's demo key, made when first asked for. It guards test money only, so it may lie in IndexedDB. */
export async function demoKey(): Promise<Hex> {
  const database = await open();
  try {
    const transaction = database.transaction(STORE, 'readwrite');
    const known: unknown = await transaction.store.get(NAME);
    if (typeof known === 'string' && /^0x[0-9a-f]{64}$/.test(known)) {
      await transaction.done;
      return known as Hex;
    }
    const key = toHex(crypto.getRandomValues(new Uint8Array(32)));
    await transaction.store.put(key, NAME);
    await transaction.done;
    return key;
  } finally {
    database.close();
  }
}
