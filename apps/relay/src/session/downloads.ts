import { ReckonError } from '@reckon/protocol/base/errors';
import type { BlobDigest } from '@reckon/protocol/base/ids';
import type { WorkChannel } from '@reckon/protocol/base/ports';
import { unitBlobs } from '@reckon/protocol/model/job-spec';
import { encodeFrame, MAX_FRAME_PAYLOAD } from '@reckon/protocol/wire/framing';
import type { SessionContext } from './ports.ts';

/** A node may hold 128 units that read 32 blobs each, and asks for all of them after a lost connection. */
const MAX_QUEUED = 128 * 32;
/** Bytes a channel may hold before we wait: a megabyte keeps it busy without piling up (measured, environment.md §5). */
const HIGH_WATER = 1024 * 1024;
const READ_BYTES = 16 * MAX_FRAME_PAYLOAD;

/** Sends the blobs a node asks for, one after the other, only those its own leases read. */
export function createDownloads(context: SessionContext, channel: WorkChannel) {
  const { ports, nodeId, send, refuse } = context;
  const queue: { digest: BlobDigest; offset: number }[] = [];
  let stream = 0;
  let running = false;

  function isLeased(digest: BlobDigest): boolean {
    const { nodes, jobs } = ports.coordinator.state;
    const node = nodes.get(nodeId);
    for (const { jobId, index } of node === undefined ? [] : [...node.held.values(), ...node.checking.values()]) {
      const stage = jobs.get(jobId)?.spec.stages[0];
      const unit = stage?.units[index];
      if (stage && unit && unitBlobs(stage, unit).some((blob) => blob.digest === digest)) return true;
    }
    return false;
  }

  async function serve(digest: BlobDigest, from: number): Promise<void> {
    // The lease may have been given a moment ago: then it is on its way, and `missing` must not overtake it.
    if (!isLeased(digest)) await ports.coordinator.flushed();
    const size = isLeased(digest) ? await ports.blobs.sizeOf(digest) : undefined;
    if (size === undefined) return send({ type: 'missing', digest });
    if (from > size) throw new ReckonError('BLOB_RANGE', { offset: from, sizeBytes: size });
    const number = stream++;
    send({ type: 'blob', stream: number, digest, size, offset: from });
    for (let at = from; at < size; ) {
      const bytes = await ports.blobs.read(digest, at, READ_BYTES);
      for (let start = 0; start < bytes.length; start += MAX_FRAME_PAYLOAD) {
        const payload = bytes.subarray(start, start + MAX_FRAME_PAYLOAD);
        await channel.drained(HIGH_WATER);
        const frame = encodeFrame({ stream: number, offset: at + start, total: size, payload });
        channel.send(frame);
        ports.meter.sent(frame.length);
      }
      at += bytes.length;
    }
  }

  async function run(): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      try {
        await serve(next.digest, next.offset);
      } catch (error) {
        if (error instanceof ReckonError && error.code === 'CHANNEL_CLOSED') return;
        if (error instanceof ReckonError && error.code === 'BLOB_CORRUPT')
          send({ type: 'missing', digest: next.digest });
        else refuse(error);
      }
    }
    running = false;
  }

  return {
    /** @throws {ReckonError} RATE_LIMITED when too many wishes wait. */
    want(digest: BlobDigest, offset: number): void {
      if (queue.length >= MAX_QUEUED) throw new ReckonError('RATE_LIMITED', { retryAfterMs: 1000 });
      queue.push({ digest, offset });
      if (running) return;
      running = true;
      void run();
    },
  };
}
