import { tilesOf } from '@reckon/kernels/kernels/mandelbrot/params';
import { mandelbrotReference } from '@reckon/kernels/kernels/mandelbrot/reference';
import { kernelRules } from '@reckon/kernels/rules';
import { fromUtf8, toHex, toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob, sha256 } from '@reckon/protocol/base/hash';
import type { Address, Hash } from '@reckon/protocol/base/ids';
import { toJson } from '@reckon/protocol/base/json';
import type { Random } from '@reckon/protocol/base/ports';
import type { ShardEvent, ShardEventOf } from '@reckon/protocol/journal/entry';
import { formatNoteKey } from '@reckon/protocol/journal/note-key';
import type { NoteSigner } from '@reckon/protocol/journal/signed-note';
import type { JobSpec } from '@reckon/protocol/model/job-spec';
import { kernelFacts } from '@reckon/protocol/model/kernel-manifest';
import { blockAt, createJournal, type Journal, type PostedJob } from '@reckon/protocol/testing/journal-world';
import { address, opened } from '@reckon/protocol/testing/shard-world';
import { makeStaticLog, testLogSigner } from '@reckon/protocol/testing/static-log';
import type { RelayConfig } from '@reckon/protocol/wire/http';
import type { SettlementReader } from '../src/audit/settlement-reader.ts';
import type { Fetch } from '../src/http.ts';

/** A relay's journal with really computed units, as files behind a fake `fetch`, and the chain that fits it. */

const KERNEL = 'mandelbrot@1.0.0';

/** A picture of small tiles; results as a node would compute them. */
function picture(blobs: Map<string, Uint8Array>, maxIterations: number): PostedJob {
  const { manifest } = kernelRules(KERNEL);
  const tiles = tilesOf({ width: 48, height: 32, tile: 16, centerX: -0.5, centerY: 0, scale: 3, maxIterations });
  const results = tiles.map((tile) => new Uint8Array(mandelbrotReference(tile).buffer));
  const spec: JobSpec = {
    v: 1,
    title: 'A small picture',
    requesterLabel: 'Ada',
    stages: [
      {
        kernel: { name: KERNEL, digest: manifest.digest },
        policy: { kind: 'quorum', quorum: 2, maxReplicas: 3 },
        shared: [],
        units: tiles.map((tile) => ({ params: JSON.stringify(tile), blobs: [] })),
        pricePerUnit: 10n ** 16n,
        creditsPerUnit: 1,
        leaseMs: 10_000,
        params: '{}',
      },
    ],
  };
  const specBytes = toUtf8(toJson(spec));
  for (const bytes of [specBytes, ...results]) blobs.set(hashBlob(bytes), bytes);
  return {
    spec,
    specDigest: hashBlob(specBytes),
    kernel: kernelFacts(manifest),
    found: (index) => ({ digest: hashBlob(results[index] as Uint8Array) }),
  };
}

export interface AuditWorld {
  readonly journal: Journal;
  readonly blobs: Map<string, Uint8Array>;
}

/** Two epochs on chain, and some entries after them: honest. */
export function playAuditWorld(): AuditWorld {
  const blobs = new Map<string, Uint8Array>();
  const { manifest } = kernelRules(KERNEL);
  const journal = createJournal({ kernels: [{ name: KERNEL, digest: manifest.digest }] });
  for (const [salt, iterations] of [64, 96].entries()) {
    journal.see(10 + salt);
    journal.post(picture(blobs, iterations), salt + 1);
    journal.work();
    journal.seal();
  }
  journal.see(12);
  return { journal, blobs };
}

export const at = (events: readonly ShardEvent[], type: ShardEvent['type'], n = 0): number =>
  events.map((event, index) => ({ event, index })).filter(({ event }) => event.type === type)[n]?.index as number;

export const RELAY_URL = 'http://relay.test';

function configOf(key: NoteSigner['key']): RelayConfig {
  return {
    relayId: 'test-relay',
    protocol: 2,
    chainId: 31337,
    contracts: { token: address(4), escrow: address(2), settlement: address(1) },
    token: { symbol: 'tRKN', decimals: 18, test: true },
    operator: address(3),
    feeBps: 500,
    rpcPath: '/rpc',
    faucet: true,
    signalling: { path: '/peer', relayPeerId: 'relay' },
    webSocketPath: '/ws',
    log: { origin: key.name, key: formatNoteKey(key), path: '/log' },
    heartbeatMs: 1000,
    epochMs: 1000,
    embedOrigin: 'http://embed.test',
    kernels: [],
    trust: opened().trust,
    consentTextVersion: '2026-11',
  };
}

export interface ServedWorld {
  fetch: Fetch;
  /** The log's files by path; change them to play a dishonest server. */
  files: Map<string, Uint8Array>;
  blobs: Map<string, Uint8Array>;
  note: string;
  size: number;
  config: RelayConfig;
  requests: string[];
}

/** Serves a published journal; the checkpoint is signed by `signer`, the configuration names `known`. */
export function serveWorld(
  entries: readonly Uint8Array[],
  blobs: ReadonlyMap<string, Uint8Array>,
  { signer = testLogSigner(), known = signer }: { signer?: NoteSigner; known?: NoteSigner } = {},
): ServedWorld {
  const log = makeStaticLog(entries, signer);
  const served = new Map(blobs);
  const config = configOf(known.key);
  const requests: string[] = [];
  const problem = (code: string, details: object) => {
    const body = { type: 'about:blank', title: code, status: 404, code, details };
    return new Response(JSON.stringify(body), { status: 404, headers: { 'content-type': 'application/problem+json' } });
  };
  const fetch: Fetch = async (url) => {
    const path = url.slice(RELAY_URL.length);
    requests.push(path);
    if (path === '/api/config') return new Response(toJson(config));
    if (path.startsWith('/log/')) {
      const file = log.files.get(path.slice('/log/'.length));
      return file === undefined ? problem('NOT_FOUND', { what: path }) : new Response(file.slice());
    }
    const digest = /^\/api\/blobs\/(0x[0-9a-f]{64})$/.exec(path)?.[1] ?? '';
    const blob = served.get(digest);
    if (blob === undefined) return problem('BLOB_MISSING', { digest });
    return new Response(blob.slice(), { headers: { 'content-length': String(blob.length) } });
  };
  const note = fromUtf8(log.files.get('checkpoint') as Uint8Array);
  return { fetch, files: log.files, blobs: served, note, size: entries.length, config, requests };
}

/** The chain an honest relay posted to: roots as its machine had them, journal roots as they were published. */
export function chainOf(
  { journal }: AuditWorld,
  entries: readonly Uint8Array[],
): SettlementReader & { epochs: ChainEpoch[] } {
  const roots = entries
    .map((entry) => JSON.parse(fromUtf8(entry)) as { type: string; journalRoot: Hash })
    .filter(({ type }) => type === 'epoch.sealed')
    .map(({ journalRoot }) => journalRoot);
  const posted = journal.events.filter((event): event is ShardEventOf<'epoch.posted'> => event.type === 'epoch.posted');
  const epochs = journal.state.epochs.map(({ number, claimsRoot, receiptsRoot, totalCumulative }, i): ChainEpoch => {
    const posting = posted.find(({ epoch }) => epoch === number);
    const tx = posting === undefined ? {} : { tx: posting.tx };
    return { epoch: number, claimsRoot, receiptsRoot, journalRoot: roots[i] as Hash, totalCumulative, ...tx };
  });
  const chain = {
    url: 'http://chain.test',
    epochs,
    chainId: async () => 31337,
    newest: async () => {
      const last = chain.epochs.at(-1);
      return { lastEpoch: last?.epoch ?? 0, totalCumulative: last?.totalCumulative ?? 0n };
    },
    epoch: async (_settlement: Address, epoch: number) =>
      chain.epochs.find((known) => known.epoch === epoch) as ChainEpoch,
    funded: async () => 10n ** 20n,
    blockHash: async (block: number) => blockAt(block),
    isSignature: async () => false,
  };
  return chain;
}
export interface ChainEpoch {
  epoch: number;
  claimsRoot: Hash;
  receiptsRoot: Hash;
  journalRoot: Hash;
  totalCumulative: bigint;
  tx?: Hash;
}

/** Checkpoints kept in memory. */
export function memoryCheckpoints(kept = new Map<string, string>()) {
  return {
    kept,
    load: async (origin: string) => kept.get(origin),
    save: async (origin: string, note: string) => void kept.set(origin, note),
  };
}

export function countingRandom(seed = 1): Random {
  let counter = seed;
  const next = () => sha256(toUtf8(`random ${counter++}`));
  return {
    bytes: (length) => {
      const out = new Uint8Array(length);
      for (let from = 0; from < length; from += 32) out.set(next().slice(0, Math.min(32, length - from)), from);
      return out;
    },
    u32: () => new DataView(next().buffer).getUint32(0),
  };
}

export const zero: Hash = toHex(new Uint8Array(32));
