import { fromUtf8 } from '@reckon/protocol/base/bytes';
import type { BlobDigest } from '@reckon/protocol/base/ids';
import type { SpecSource } from '@reckon/protocol/journal/entry-codec';
import { type JobSpec, MAX_SPEC_BYTES } from '@reckon/protocol/model/job-spec';
import type { RelayClient } from '../relay-client.ts';

/** Fetches job specs by their digest, which is checked. What is no spec is refused when its entry is parsed. */
export const fetchSpecs =
  (relay: Pick<RelayClient, 'downloadBlob'>, signal?: AbortSignal): SpecSource =>
  async (digest: BlobDigest) => {
    const bytes = await relay.downloadBlob(digest, { maxBytes: MAX_SPEC_BYTES, ...(signal && { signal }) });
    try {
      return JSON.parse(fromUtf8(bytes)) as JobSpec;
    } catch {
      return undefined as unknown as JobSpec;
    }
  };
