import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stageTerms } from '../../testing/arbitraries.ts';
import { expectConserved, expectReplay } from '../../testing/snapshot.ts';
import { createStrangers, type Manner, type Stranger, type Strangers } from '../../testing/strangers.ts';
import type { NodeId } from '../base/ids.ts';
import { identityOf } from './identity.ts';
import type { WorkUnit } from './state.ts';
import { replicaOf } from './unit-view.ts';

/** Whole networks of strangers under random policies, through the driver. */
const MANNERS: Manner[] = ['honest', 'wrong', 'forger', 'pair', 'silent', 'late', 'liar'];

const stranger = (manner: fc.Arbitrary<Manner>): fc.Arbitrary<Stranger> =>
  fc.record({
    manner,
    rate: fc.constantFrom(0.1, 0.5),
    wallet: fc.constantFrom('none' as const, 'first' as const, 'later' as const),
    walletNo: fc.nat(4),
    network: fc.option(fc.nat(5)),
  });

const world = fc
  .record({
    stage: stageTerms,
    units: fc.integer({ min: 1, max: 5 }),
    strangers: fc.array(stranger(fc.constantFrom('honest' as const, 'honest' as const, ...MANNERS)), {
      minLength: 3,
      maxLength: 9,
    }),
    seed: fc.nat(),
    slow: fc.boolean(),
    hold: fc.constantFrom(0, 3),
    recheckShare: fc.constantFrom(0, 0.5),
    price: fc.bigInt({ min: 1n, max: 10n ** 20n }),
  })
  .map(({ stage, hold, recheckShare, ...rest }) => ({
    ...{ ...stage, ...rest },
    trust: { holdChecked: hold, recheckShare, warmUp: 1, canaryShare: 0.1 },
  }));

/** No open unit may count two parts of one wallet or of one network. */
function expectApart({ state }: Strangers): void {
  for (const job of state.jobs.values()) {
    for (const unit of job.units) {
      if (unit.decided !== undefined || unit.status === 'failed') continue;
      // Who found a result to be wrong may bring a right one.
      const stands = (subject: NodeId) => replicaOf(unit, subject)?.status !== 'disagreed';
      const parts = [
        ...unit.replicas.flatMap(({ nodeId, status }) =>
          status === 'expired' || status === 'disagreed' ? [] : [nodeId],
        ),
        ...unit.checks.flatMap(({ checker, status, subject }) =>
          (status === 'leased' || status === 'passed') && stands(subject) ? [checker] : [],
        ),
      ].map((nodeId) => state.nodes.get(nodeId));
      const wallets = parts.flatMap((node) => node?.payout?.address ?? []);
      expect(new Set(wallets).size, 'one part a wallet').toBe(wallets.length);
      const networks = parts.flatMap((node) => node?.network ?? []);
      expect(new Set(networks).size, 'one part a network').toBe(networks.length);
      expect(new Set(parts).size, 'one part a node').toBe(parts.length);
    }
  }
}

test('whoever comes: money adds up, nobody has two parts in a unit, and the journal gives the same state again', () => {
  fc.assert(
    fc.property(world, (terms) => {
      const net = createStrangers(terms);
      for (let i = 0; i < 150; i++) {
        net.move();
        if (i % 5 === 0) expectConserved(net.state, net.charged());
        expectApart(net);
      }
      net.driver.carryOut(net.state.now);
      expectConserved(net.state, net.charged());
      expect(net.broken).toEqual([]);
      expectReplay(net.journal, net.state);
    }),
    { numRuns: 40, seed: 5 },
  );
});

const isCaught = (net: Strangers, nodeId: NodeId): boolean => {
  const node = net.state.nodes.get(nodeId);
  return node !== undefined && identityOf(net.state, node).caughtAt !== undefined;
};

/** Each stranger stands alone, or a forger's wallet would take an honest node with it. */
const alone = (terms: typeof world extends fc.Arbitrary<infer T> ? T : never) => ({
  ...terms,
  strangers: terms.strangers.map((own, i) => ({ ...own, walletNo: i, network: i })),
});

const LYING = new Set<Manner>(['wrong', 'forger', 'pair']);
/** The chunk in which a pair is wrong. */
const PAIR_CHUNK = 77 % 6;

/** Whoever agreed with a forged result lied alike, and whoever recomputed the chunk that is wrong lied, too. */
function expectUnseen(net: Strangers, unit: WorkUnit): void {
  for (const { nodeId, status } of unit.replicas) {
    if (status === 'agreed') expect(LYING).toContain(net.strangerOf(nodeId).manner);
  }
  for (const { checker, status, chunks, subject } of unit.checks) {
    const missed = status === 'passed' && net.strangerOf(subject).manner === 'pair' && chunks.includes(PAIR_CHUNK);
    if (missed) expect(net.strangerOf(checker).manner).toBe('pair');
  }
}

test('where chunks or certificates can be checked, nobody honest is caught or outvoted, and forgeries pass only unseen', () => {
  const checkable = world.filter(({ kernel, policy }) => kernel.chunked || policy.kind === 'certificate');
  const seen = { caught: 0, right: 0, forged: 0 };
  fc.assert(
    fc.property(checkable.map(alone), (terms) => {
      const net = createStrangers(terms);
      for (let i = 0; i < 200; i++) net.move();
      net.finish(10);
      for (const nodeId of net.ids) {
        const { manner } = net.strangerOf(nodeId);
        if (isCaught(net, nodeId)) seen.caught += 1;
        if (manner !== 'honest' && manner !== 'late') continue;
        expect(isCaught(net, nodeId)).toBe(false);
        expect(net.state.nodes.get(nodeId)?.counts.disagreed).toBe(0);
      }
      for (const unit of net.jobNow()?.units ?? []) {
        if (unit.status !== 'accepted') continue;
        const isRight = unit.canonical === net.rightDigest(unit);
        seen[isRight ? 'right' : 'forged'] += 1;
        if (isRight) continue;
        expect(terms.policy.kind).not.toBe('certificate');
        expect(unit.verdict?.by).not.toBe('certificate');
        expectUnseen(net, unit);
      }
    }),
    { numRuns: 60, seed: 3 },
  );
  // The sample is not empty: liars were caught, and some forgeries did pass unseen.
  expect(seen.caught).toBeGreaterThan(10);
  expect(seen.forged).toBeGreaterThan(0);
  expect(seen.right).toBeGreaterThan(5 * seen.forged);
});

test('a job with enough honest nodes, and places for them, always completes', () => {
  fc.assert(
    fc.property(world, (terms) => {
      // With ε a job may wait for credibility: where no place is left for another result, until it expires.
      const policy = 'epsilon' in terms.policy ? { ...terms.policy, maxReplicas: 15 } : terms.policy;
      const honest = Array.from({ length: 12 }, (_, i): Stranger => {
        return { manner: 'honest', rate: 0, wallet: 'none', walletNo: 100 + i, network: null };
      });
      const net = createStrangers({ ...terms, policy, strangers: [...terms.strangers, ...honest] });
      for (let i = 0; i < 60; i++) net.move();
      net.finish(60);
      expect(net.jobNow()?.status ?? 'closed', JSON.stringify(policy)).toMatch(/completed|closed/);
      expect([...net.state.asking]).toEqual([]);
      // Nobody holds anything of it, or it would take a slot for ever.
      for (const node of net.state.nodes.values()) expect(node.held.size + node.checking.size).toBe(0);
    }),
    { numRuns: 40, seed: 7 },
  );
});
