import { toHex, u32be } from '@reckon/protocol/base/bytes';
import { sha256 } from '@reckon/protocol/base/hash';
import type { NodeId } from '@reckon/protocol/base/ids';
import type { ShardEvent } from '@reckon/protocol/journal/entry';
import type { SeededRandom } from '@reckon/protocol/testing/seeded-random';
import { address, joined } from '@reckon/protocol/testing/shard-world';

const AGENTS = [
  'Chrome 148',
  'Chrome 147',
  'Firefox 152',
  'Safari 27',
  'Edge 148',
  'Chrome 148 Android',
  'reckon node',
];
const DEVICES = [
  'WebGPU · Apple M-series',
  'WebGPU · NVIDIA',
  'WebGPU · AMD',
  'WebGPU · Intel',
  'WASM SIMD',
  'WebGPU · Adreno',
];
const WORKERS = [1, 2, 4, 6, 8, 12, 16];
const MEMORY_MB = [1024, 2048, 4096, 8192];
const UNSIGNED = `0x${'00'.repeat(65)}` as const;

/** A stranger enters: from a network of its own, on a device of which there are about a thousand kinds. */
export function joining(
  nodeId: NodeId,
  serial: number,
  at: number,
  random: SeededRandom,
  wallet: boolean,
): ShardEvent[] {
  const event = joined(nodeId, at);
  const join: ShardEvent = {
    ...event,
    agent: random.pick(AGENTS),
    network: toHex(sha256(u32be(3_000_000_000 + serial)).slice(0, 8)),
    capabilities: {
      ...event.capabilities,
      device: random.pick(DEVICES),
      workers: random.pick(WORKERS),
      memoryMb: random.pick(MEMORY_MB),
    },
    consent: { ...event.consent, expiresAt: 1e9 },
  };
  if (!wallet) return [join];
  const payoutAddress = address(5_000_000 + serial);
  return [join, { type: 'node.delegated', at, nodeId, payoutAddress, expiry: 1e9, signature: UNSIGNED }];
}
