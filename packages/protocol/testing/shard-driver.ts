import { concat, fromHex, toHex, u32be } from '../src/base/bytes.ts';
import { sha256 } from '../src/base/hash.ts';
import type { BlobDigest, Hash, NodeId, WorkUnitId } from '../src/base/ids.ts';
import type { ShardEvent } from '../src/journal/entry.ts';
import type { ShardCommand, StepResult } from '../src/machine/commands.ts';
import { findUnit } from '../src/machine/replica.ts';
import { createShard, stepShard } from '../src/machine/shard.ts';
import type { ShardState } from '../src/machine/state.ts';
import { subjectOf } from '../src/machine/unit-checks.ts';
import { replicaOf, revealedOf } from '../src/machine/unit-view.ts';
import { NO_TRACE, type Salt } from '../src/model/attestation.ts';
import type { ChunkOpening } from '../src/model/check-answer.ts';
import { drawSeed, resultTag } from '../src/trust/beacon.ts';
import { type ChunkTree, chunkTree, openChunk } from '../src/trust/chunk-tree.ts';
import { sealResult } from '../src/trust/seal.ts';
import type { RelayMessage } from '../src/wire/messages.ts';
import { attest, opened, secretAt } from './shard-world.ts';

/** A result's chunks: their digests and the tree over them. */
export interface Chunked extends ChunkTree {
  readonly digests: readonly Uint8Array[];
}

export const chunked = (digests: readonly Uint8Array[]): Chunked => ({ ...chunkTree(digests), digests });

/** What a node found: the digest of its result, its chunks where the kernel has them, and what a certificate check says. */
export interface Found {
  digest: BlobDigest;
  tree?: Chunked;
  certificate?: boolean;
  /** Other digests that the kernel accepts as this one. */
  near?: readonly BlobDigest[];
}

export interface DriverOptions {
  opening?: ReturnType<typeof opened>;
  /** The right chunks of a unit, for the referee. */
  truthOf?: (workUnitId: WorkUnitId) => Chunked | undefined;
  onSend?: (nodeId: NodeId, message: RelayMessage) => void;
  onEvent?: (event: ShardEvent, result: StepResult) => void;
  /** Openings and the referee wait for `carryOut`, as in a relay that has much to do. */
  slow?: boolean;
}

const UNSIGNED = `0x${'00'.repeat(65)}` as never;
const saltOf = (nodeId: NodeId): Salt => toHex(sha256(fromHex(nodeId)).slice(0, 16));

const openings = new WeakMap<Chunked, ChunkOpening[]>();
const NO_OPENING: ChunkOpening = { digest: toHex(new Uint8Array(32)), path: [] };

/** A chunk's opening; made once, since many results of a simulation have the same chunks. */
function openingOf(tree: Chunked, index: number): ChunkOpening {
  const made = openings.get(tree) ?? [];
  openings.set(tree, made);
  made[index] ??= { digest: toHex(tree.digests[index] as Uint8Array), path: openChunk(tree, index) };
  return made[index];
}

/** The relay's duties toward the machine without signatures, storage or a network: seals, draws, tags, openings, the referee. */
export function createDriver(options: DriverOptions = {}) {
  const state: ShardState = createShard();
  const found = new Map<string, Found>();
  const delayed: ShardCommand[] = [];
  const keyOf = (workUnitId: WorkUnitId) => sha256(concat(fromHex(workUnitId), u32be(99)));
  const tagOf = (workUnitId: WorkUnitId, digest: BlobDigest): Hash => resultTag(keyOf(workUnitId), workUnitId, digest);
  const foundBy = (workUnitId: WorkUnitId, nodeId: NodeId) => found.get(`${workUnitId} ${nodeId}`);

  function step(event: ShardEvent): StepResult {
    const result = stepShard(state, event);
    options.onEvent?.(event, result);
    for (const command of result.commands) execute(command, event.at);
    return result;
  }

  function execute(command: ShardCommand, at: number): void {
    if (command.type === 'send') options.onSend?.(command.nodeId, command.message);
    if (command.type !== 'open' && command.type !== 'referee') return;
    if (options.slow === true) delayed.push(command);
    else serve(command, at);
  }

  function serve(command: ShardCommand, at: number): void {
    if (command.type === 'open') open(command.workUnitId, at);
    if (command.type === 'referee') referee(command.workUnitId, command.index, at);
  }

  function open(workUnitId: WorkUnitId, at: number): void {
    const place = findUnit(state, workUnitId);
    if (place === undefined) return;
    const results = revealedOf(place.unit).map(({ nodeId }) => {
      const own = foundBy(workUnitId, nodeId) as Found;
      const attestation = attest(state, place.job.id, place.unit.index, own.digest);
      const traceRoot = own.tree?.root === undefined ? NO_TRACE : own.tree.root;
      return {
        nodeId,
        salt: saltOf(nodeId),
        attestation: { ...attestation, leaf: { ...attestation.leaf, traceRoot } },
      };
    });
    step({ type: 'unit.opened', at, workUnitId, tagKey: toHex(keyOf(workUnitId)), results });
    for (const { nodeId } of results) found.delete(`${workUnitId} ${nodeId}`);
  }

  function referee(workUnitId: WorkUnitId, wanted: number, at: number): void {
    const place = findUnit(state, workUnitId);
    const truth = options.truthOf?.(workUnitId);
    if (place === undefined || truth === undefined) return;
    const trees = revealedOf(place.unit).map(({ nodeId, tag }) => ({
      tag: tag as Hash,
      tree: foundBy(workUnitId, nodeId)?.tree as Chunked,
    }));
    const digestAt = (tree: Chunked, index: number) => toHex(tree.digests[index] as Uint8Array);
    // The question has been withdrawn meanwhile.
    if (wanted < 0 && new Set(trees.map(({ tag }) => tag)).size < 2) return;
    const differs = (index: number) => trees.some(({ tree }) => digestAt(tree, index) !== digestAt(truth, index));
    const index = wanted >= 0 ? wanted : truth.digests.findIndex((_, i) => differs(i));
    const results = trees.map(({ tag, tree }) => ({ tag, digest: digestAt(tree, index) }));
    step({ type: 'unit.refereed', at, workUnitId, index, digest: digestAt(truth, index), results });
  }

  step(options.opening ?? opened());

  return {
    state,
    step,
    /** Openings and recomputed chunks that have been waiting, in the order they were asked for. */
    carryOut(at: number): void {
      for (let command = delayed.shift(); command !== undefined; command = delayed.shift()) serve(command, at);
    },
    /** Seals what the node found. */
    commit(nodeId: NodeId, workUnitId: WorkUnitId, result: Found, at: number): StepResult {
      found.set(`${workUnitId} ${nodeId}`, result);
      const traceRoot = result.tree?.root ?? NO_TRACE;
      const seal = sealResult({ nodeId, workUnitId, resultDigest: result.digest, traceRoot, salt: saltOf(nodeId) });
      const { beacon } = state;
      const draw = toHex(drawSeed(fromHex(seal), secretAt(state.lastEpoch + 1), fromHex(beacon)));
      return step({ type: 'replica.committed', at, nodeId, workUnitId, seal, beacon, draw });
    },
    /** Reveals what was committed. */
    reveal(nodeId: NodeId, workUnitId: WorkUnitId, at: number): StepResult {
      const result = foundBy(workUnitId, nodeId);
      const place = findUnit(state, workUnitId);
      if (result === undefined) return { commands: [], changes: [], ignored: { reason: 'not-committed' } };
      const { tree, certificate } = result;
      const wanted =
        place?.job.spec.stages[0]?.policy.kind === 'certificate' ||
        (place && replicaOf(place.unit, nodeId)?.audit === 'certificate');
      const checked =
        wanted === true
          ? {
              certificate:
                certificate === false
                  ? { passed: false as const, cause: 'wrong' }
                  : { passed: true as const, errorLog2: -63 },
            }
          : {};
      return step({
        type: 'replica.revealed',
        at,
        nodeId,
        workUnitId,
        tag: tagOf(workUnitId, result.digest),
        size: 1,
        near: (result.near ?? []).map((digest) => tagOf(workUnitId, digest)),
        ...(tree === undefined ? {} : { chunks: { root: tree.root, count: tree.digests.length } }),
        ...checked,
      });
    },
    /** Answers a check lease with the digests a checker found. */
    answer(nodeId: NodeId, workUnitId: WorkUnitId, indexes: readonly number[], theirs: Chunked, at: number, draw = 0) {
      const place = findUnit(state, workUnitId);
      const check = place?.unit.checks.find((own) => own.checker === nodeId && own.status === 'leased');
      const subject = check?.subject ?? (place && subjectOf(place.unit)?.nodeId);
      const tree = subject === undefined ? undefined : foundBy(workUnitId, subject)?.tree;
      const openings = indexes.map((index) => (tree === undefined ? NO_OPENING : openingOf(tree, index)));
      const chunks = indexes.map((index) => ({ index, digest: openingOf(theirs, index).digest }));
      return step({
        type: 'check.answered',
        at,
        nodeId,
        workUnitId,
        answer: { chunks, signature: UNSIGNED },
        openings,
        draw,
      });
    },
  };
}
export type Driver = ReturnType<typeof createDriver>;
