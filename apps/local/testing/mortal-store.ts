import type { NodeStore } from '@reckon/node/store';

/** A page's store: after its death nothing is written, and now and then a cached blob reads back wrong. */
export function mortal(store: NodeStore, isAlive: () => boolean, spoils: () => boolean): NodeStore {
  const unlessDead =
    <A extends unknown[]>(write: (...args: A) => Promise<void>) =>
    async (...args: A) => {
      if (isAlive()) await write(...args);
    };
  return {
    ...store,
    async readBlob(digest) {
      const bytes = await store.readBlob(digest);
      return bytes !== undefined && spoils() ? bytes.fill(0) : bytes;
    },
    writeBlob: unlessDead(store.writeBlob),
    writeRecord: unlessDead(store.writeRecord),
    writeUnsent: unlessDead(store.writeUnsent),
    deleteUnsent: unlessDead(store.deleteUnsent),
  };
}
