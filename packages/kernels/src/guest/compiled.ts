import type { BlobDigest } from '@reckon/protocol/base/ids';
import { hashBlob } from '@reckon/protocol/base/hash';
import { type AdmittedModule, admitModule } from './admit-module.ts';

/** A module that was checked, rewritten and compiled. */
export interface CompiledModule {
  module: WebAssembly.Module;
  facts: Omit<AdmittedModule, 'bytes'>;
}

/** Of so many programs, which is more than a worker sees in a day. */
const KEPT = 4;
const kept = new Map<BlobDigest, CompiledModule>();

/** Compiles a requester's module, or finds it again. @throws {ReckonError} GUEST_MODULE_INVALID */
export async function compileGuest(bytes: Uint8Array): Promise<CompiledModule> {
  const digest = hashBlob(bytes);
  const known = kept.get(digest);
  if (known !== undefined) return known;
  const { bytes: rewritten, ...facts } = admitModule(bytes);
  const compiled = { module: await WebAssembly.compile(rewritten), facts };
  kept.set(digest, compiled);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return compiled;
}
