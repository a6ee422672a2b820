import { type IDBPDatabase, openDB } from 'idb';
import type { SignedJobOrder } from '@reckon/protocol/model/job-order';
import type { Draft } from './draft.ts';

/** A form as it was left, and the order that was signed from it: so that a reload, or a closed tab, loses neither. */
interface KeptDraft {
  draft: Draft;
  signed?: SignedJobOrder;
}

const STORE = 'drafts';
/** Inputs above this are not kept; the form then asks for them again. */
const MAX_KEPT_BYTES = 128 * 1024 ** 2;

const open = (): Promise<IDBPDatabase> =>
  openDB('reckon-drafts', 2, {
    upgrade(database, before) {
      // Forms of an earlier version lack fields of this one; they are few and soon typed again.
      if (before > 0) database.deleteObjectStore(STORE);
      database.createObjectStore(STORE);
    },
  });

/** Storage may be off or full (private windows): a draft is then kept by the page alone, as any form's is. */
async function tryStore<T>(act: (database: IDBPDatabase) => Promise<T>): Promise<T | undefined> {
  let database: IDBPDatabase | undefined;
  try {
    database = await open();
    return await act(database);
  } catch {
    return undefined;
  } finally {
    database?.close();
  }
}

/** By kernel name, as `onnx@1.1.0`. */
export const readDraft = (kernel: string): Promise<KeptDraft | undefined> =>
  tryStore<KeptDraft | undefined>((database) => database.get(STORE, kernel));

export async function keepDraft(kept: KeptDraft): Promise<void> {
  const bytes = [...kept.draft.files.values()].reduce((sum, file) => sum + file.bytes.length, 0);
  const draft = bytes > MAX_KEPT_BYTES ? { ...kept.draft, files: new Map() } : kept.draft;
  await tryStore((database) => database.put(STORE, { ...kept, draft }, kept.draft.kernel));
}

export async function dropDraft(kernel: string): Promise<void> {
  await tryStore((database) => database.delete(STORE, kernel));
}
