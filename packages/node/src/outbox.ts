import type { WorkUnitId } from '@reckon/protocol/base/ids';
import type { Log, NodeSigner } from '@reckon/protocol/base/ports';
import { ReckonError } from '@reckon/protocol/base/errors';
import { tryParse } from '@reckon/protocol/base/parse';
import type { TypedDomain } from '@reckon/protocol/base/typed-data';
import { MAX_BATCH, Salt, signBatch } from '@reckon/protocol/model/attestation';
import { sealResult } from '@reckon/protocol/trust/seal';
import type { Link } from './link.ts';
import type { NodeStore, UnsentResult } from './store.ts';

/**
 * Finished results until the relay has them on disk. Each is sent once per connection, in batches: its seal, then the signed
 * result with the seal's salt, then its bytes. After a lost connection or a reload all that were not confirmed are sent
 * again, byte for byte the same.
 *
 * The seal is opened at once: the relay has entered it before it can read the rest, and from then on its draw is fixed.
 */
export interface Outbox {
  readonly size: number;
  has(workUnitId: WorkUnitId): boolean;
  /** Reads what the last visit left. */
  load(): Promise<void>;
  /** Keeps and sends a result. */
  add(result: UnsentResult): Promise<void>;
  /** Begins a connection: everything unconfirmed goes out on it. */
  attach(link: Link, domain: TypedDomain): void;
  detach(): void;
  /** Forgets a result that is stored or refused. @returns whether it was here. */
  remove(workUnitId: WorkUnitId): boolean;
}

export interface OutboxOptions {
  store: Pick<NodeStore, 'listUnsent' | 'writeUnsent' | 'deleteUnsent'>;
  signer: NodeSigner;
  log: Log;
}

/** A seal's bytes must follow within `REVEAL_MS`, so that a slow uplink signs for little at a time. */
const MAX_BATCH_BYTES = 512 * 1024;

/** The first results that may be signed together: one at least. */
function firstBatch(unsent: readonly UnsentResult[]): UnsentResult[] {
  let bytes = 0;
  const fits = unsent.findIndex((result, index) => {
    bytes += result.bytes.length;
    return index === MAX_BATCH || (index > 0 && bytes > MAX_BATCH_BYTES);
  });
  return fits < 0 ? [...unsent] : unsent.slice(0, fits);
}

export function createOutbox({ store, signer, log }: OutboxOptions): Outbox {
  const results = new Map<WorkUnitId, UnsentResult>();
  let sent = new Set<WorkUnitId>();
  let route: { link: Link; domain: TypedDomain } | undefined;
  let sending = false;

  const sealOf = ({ leaf: { workUnitId, resultDigest, traceRoot }, salt }: UnsentResult) => ({
    workUnitId,
    seal: sealResult({ nodeId: signer.nodeId, workUnitId, resultDigest, traceRoot, salt }),
  });

  async function sendAll(): Promise<void> {
    if (sending || route === undefined) return;
    sending = true;
    const mine = route;
    try {
      while (route === mine) {
        const batch = firstBatch([...results.values()].filter(({ leaf }) => !sent.has(leaf.workUnitId)));
        if (batch.length === 0) break;
        const leaves = batch.map(({ leaf }) => leaf);
        for (const leaf of leaves) sent.add(leaf.workUnitId);
        mine.link.send({ type: 'commit', seals: batch.map(sealOf) });
        const salts = batch.map(({ salt }) => salt);
        mine.link.send({ type: 'reveal', batch: signBatch(mine.domain, signer, leaves), salts });
        for (const { leaf, bytes } of batch) await mine.link.sendBlob(leaf.resultDigest, bytes);
      }
    } catch (error) {
      // The connection ended under us: the next one starts over. Anything else is a defect worth hearing of.
      if (!(error instanceof ReckonError && error.code === 'CHANNEL_CLOSED')) {
        log.error({ cause: String(error) }, 'outbox.failed');
      }
    } finally {
      sending = false;
    }
    if (route !== mine) await sendAll();
  }

  const persisted = (work: Promise<void>) =>
    work.catch((error: unknown) => log.warn({ cause: String(error) }, 'outbox.not-persisted'));

  return {
    get size() {
      return results.size;
    },
    has: (workUnitId) => results.has(workUnitId),
    async load() {
      for (const result of await store.listUnsent()) {
        if (tryParse(Salt, result.salt).ok) results.set(result.leaf.workUnitId, result);
        // Of a version that sealed nothing: it cannot be sent, and the unit is computed again.
        else await persisted(store.deleteUnsent(result.leaf.workUnitId));
      }
    },
    async add(result) {
      results.set(result.leaf.workUnitId, result);
      // On disk before on the wire, so that a crash between the two loses nothing. A full disk only costs that safety.
      await persisted(store.writeUnsent(result));
      void sendAll();
    },
    attach(link, domain) {
      route = { link, domain };
      sent = new Set();
      void sendAll();
    },
    detach() {
      route = undefined;
    },
    remove(workUnitId) {
      if (!results.delete(workUnitId)) return false;
      void persisted(store.deleteUnsent(workUnitId));
      return true;
    },
  };
}
