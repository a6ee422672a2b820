import { manifests } from '@reckon/kernels/manifests';
import { type Difference, differ, differenceOf } from '@reckon/protocol/audit/difference';
import { createReplay, type Replay } from '@reckon/protocol/audit/replay';
import { createSignatureCheck } from '@reckon/protocol/audit/signatures';
import { toHex } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { Random, RecoverAddress } from '@reckon/protocol/base/ports';
import type { SpecSource } from '@reckon/protocol/journal/entry-codec';
import { type LogSource, type LogView, readLog, viewLog } from '@reckon/protocol/journal/log-reader';
import type { HashEntry } from '@reckon/protocol/journal/log-tree';
import { parseNoteKey } from '@reckon/protocol/journal/note-key';
import { type KernelRef, kernelFacts, kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { RelayConfig } from '@reckon/protocol/wire/http';
import type { HttpContext } from '../http.ts';
import { createRelayClient } from '../relay-client.ts';
import type { AuditProgress, AuditReport } from './audit-report.ts';
import { createUnitSample } from './audited-unit.ts';
import { type ChainReport, compareChain } from './compare-chain.ts';
import { createChainFacts } from './chain-facts.ts';
import { compareWithOther, compareWithSeen, type SeenCheckpoints } from './checkpoints.ts';
import { fetchSpecs } from './job-specs.ts';
import { createLogFetch, prefetchLog } from './log-fetch.ts';
import { readServedEntry } from './served-entry.ts';
import type { SettlementReader } from './settlement-reader.ts';

export interface AuditPorts {
  http: HttpContext;
  /** Reads the chain: through the relay's bridge, or through somebody's own node. */
  openChain: (config: RelayConfig) => SettlementReader;
  seen: SeenCheckpoints;
  random: Random;
  recover: RecoverAddress;
  /** A faster hash of entries, where the platform has one. */
  hashEntry?: HashEntry;
  now(): number;
}

export interface AuditOptions {
  /** Share of nodes' signatures that are checked, given the log's size; those of wallets all are, unless it is 0. */
  signatures: (entries: number) => number;
  /** Units to draw for `recomputeUnits`. */
  units: number;
  /** The signed note another auditor was shown. */
  compare?: string;
  signal?: AbortSignal;
  onProgress?: (progress: AuditProgress) => void;
}

/** Between two words of progress. */
const REPORT_EVERY = 1024;

const factsOf = (kernel: KernelRef) => {
  const manifest = manifests.find((known) => kernelName(known) === kernel.name && known.digest === kernel.digest);
  return manifest && kernelFacts(manifest);
};

/**
 * Downloads a relay's whole log, verifies it up to its signed checkpoint, holds that against the checkpoints seen before,
 * replays every entry by the public rules, and compares what follows with the chain.
 * @throws {ReckonError} CHECKPOINT_INVALID, CHECKPOINT_NOT_EXTENDED, LOG_ROOT_MISMATCH, LOG_TILE_INVALID: wrong, but no
 *   entry can be named; RELAY_UNREACHABLE, CHAIN_UNREACHABLE: nothing is known.
 */
export async function auditRelay(ports: AuditPorts, options: AuditOptions): Promise<AuditReport> {
  const { http, random } = ports;
  const { signal, onProgress = () => undefined } = options;
  const relay = createRelayClient(http.baseUrl, { fetch: http.fetch });
  const config = await relay.config();
  const fetch = createLogFetch(http, config.log.path, signal);
  const { hashEntry } = ports;
  const key = parseNoteKey(config.log.key);
  const source: LogSource = { fetch, origin: config.log.origin, key, ...(hashEntry && { hashEntry }) };
  onProgress({ phase: 'log', done: 0, total: 0 });
  const newest = await readLog(source);
  const own = await compareWithSeen(newest, source, ports.seen);
  const other = options.compare === undefined ? null : await compareWithOther(newest, source, options.compare);
  const { checkpoint, note } = newest;
  const view = viewLog(prefetchLog(fetch, checkpoint.size), checkpoint, note, hashEntry);

  const sample = createUnitSample(options.units, random);
  const facts = createChainFacts(random);
  const { recover } = ports;
  const signatures = createSignatureCheck({
    recover,
    share: options.signatures(checkpoint.size),
    seed: random.bytes(32),
  });
  const replay = createReplay({
    factsOf,
    signatures,
    now: ports.now(),
    observe(index, event, state) {
      sample.observe(index, event, state);
      facts.observe(index, event);
    },
  });
  const progress = (done: number) => onProgress({ phase: 'replay', done, total: checkpoint.size });
  let difference = await runReplay(replay, view, fetchSpecs(relay, signal), progress);
  difference ??= compareConfig(replay, config);
  let chain: ChainReport | null = null;
  const { constants } = replay.state;
  if (difference === undefined && constants !== undefined) {
    const claims = { constants, epochs: replay.result().epochs, wallets: signatures.aside, ...facts.claims() };
    const told = (done: number, total: number) => onProgress({ phase: 'chain', done, total });
    chain = await compareChain(ports.openChain(config), claims, told);
    difference = chain.difference;
  }
  const entry = difference && (await readServedEntry(fetch, checkpoint.size, difference.index));
  return {
    relay: http.baseUrl,
    origin: source.origin,
    checkpoint: { size: checkpoint.size, root: toHex(checkpoint.root) },
    note: new TextDecoder().decode(note),
    extended: { own, other },
    replay: replay.result(),
    signatures: { checked: signatures.checked, skipped: signatures.skipped, contractWallets: signatures.aside.length },
    chain,
    accepted: sample.seen,
    sample: sample.units,
    difference: difference ?? null,
    entry: entry ?? null,
  };
}

/** Feeds the log to the replay; whatever names an entry is the difference. */
async function runReplay(
  replay: Replay,
  view: LogView,
  specs: SpecSource,
  progress: (done: number) => void,
): Promise<Difference | undefined> {
  let reached = 0;
  const specOf: SpecSource = async (digest) => {
    try {
      return await specs(digest);
    } catch (error) {
      if (!(error instanceof ReckonError) || error.code === 'RELAY_UNREACHABLE') throw error;
      // Its entry stands in the log, so its spec must be there for whoever replays.
      throw new ReckonError('AUDIT_DIFFERENCE', {
        index: reached,
        what: 'the job’s spec',
        expected: `blob ${digest}`,
        received: error.message,
      });
    }
  };
  try {
    for await (const { index, entry, hash } of view.entries()) {
      reached = index;
      const pending = replay.next(index, entry, specOf, hash);
      if (pending !== undefined) await pending;
      if (replay.difference !== undefined) return replay.difference;
      if (index % REPORT_EVERY === 0) progress(index);
    }
    progress(view.checkpoint.size);
    return undefined;
  } catch (error) {
    const difference = differenceOf(error);
    if (difference === undefined) throw error;
    return difference;
  }
}

/** The constants the journal begins with are those the relay tells everybody. */
function compareConfig({ state: { constants } }: Replay, config: RelayConfig): Difference | undefined {
  if (constants === undefined) return undefined;
  // Promises are worded with the shares that are told.
  const { trust } = constants;
  const pairs = [
    ['the relay’s name', config.relayId, constants.relayId],
    ['the chain’s id', config.chainId, constants.chainId],
    ['the settlement contract', config.contracts.settlement, constants.settlement],
    ['the escrow contract', config.contracts.escrow, constants.escrow],
    ['the operator', config.operator, constants.operator],
    ['the fee', config.feeBps, constants.feeBps],
    ...Object.entries(config.trust).map(
      ([name, told]) => [`"${name}"`, told, trust[name as keyof typeof trust]] as const,
    ),
  ] as const;
  const wrong = pairs.find(([, expected, received]) => expected !== received);
  if (wrong === undefined) return undefined;
  const [what, expected, received] = wrong;
  return differ({ index: 0, what, expected: `${expected} (/api/config)`, received: String(received) });
}
