import { type PreparedJob, prepareJob } from '@reckon/client/prepare-job';
import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import type { RelayConfig } from '@reckon/protocol/wire/http';
import { useEffect, useState } from 'react';
import { type Draft, toJobFile } from './draft.ts';

/** Typing is over when it has been still this long. */
const STILL_MS = 250;

export interface Preparation {
  prepared: PreparedJob | undefined;
  error: unknown;
  /** The form has changed since; the price shown is the last one's. */
  stale: boolean;
}

/** Cuts and prices the job as the form stands: everything that can be wrong is found before a wallet opens. */
export function usePrepared(draft: Draft, manifest: KernelManifest, config: RelayConfig | undefined): Preparation {
  const [state, setState] = useState<{ draft?: Draft; prepared?: PreparedJob; error?: unknown }>({});
  useEffect(() => {
    if (config === undefined) return;
    let current = true;
    const prepare = async (): Promise<void> => {
      let outcome: { prepared?: PreparedJob; error?: unknown };
      try {
        outcome = { prepared: await prepareJob(toJobFile(draft, manifest), draft.files, config) };
      } catch (error) {
        outcome = { error };
      }
      if (current) setState({ draft, ...outcome });
    };
    const timer = setTimeout(() => void prepare(), STILL_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [draft, manifest, config]);
  return { prepared: state.prepared, error: state.error, stale: state.draft !== draft };
}
