import type { NodeId, WorkUnitId } from '@reckon/protocol/base/ids';
import { attestationOf, digestOf, nodeOf } from '@reckon/protocol/testing/unit-fixtures';
import { afterEach, describe, expect, test } from 'vitest';
import type { Reveal, RevealStore } from '../src/reveals/reveal-store.ts';

export interface RevealsUnderTest {
  /** Opens the same store again each time it is called. */
  open(): RevealStore;
  cleanUp(): void;
}

const unitOf = (value: number) => digestOf(value) as string as WorkUnitId;

export const revealOf = (unit: number, node: number, result = node): Reveal => ({
  workUnitId: unitOf(unit),
  nodeId: nodeOf(node),
  salt: `0x${'0a'.repeat(16)}`,
  attestation: attestationOf(digestOf(result)),
});

const kept = (store: RevealStore, unit: number): NodeId[] => [...store.of(unitOf(unit)).keys()];

/** What every store of reveals must do. */
export function acceptReveals(name: string, setUp: () => RevealsUnderTest): void {
  describe(`reveals: ${name}`, () => {
    let current: RevealsUnderTest | undefined;
    const fresh = () => {
      current = setUp();
      return current;
    };
    afterEach(() => current?.cleanUp());

    test('keeps what was put, by unit and node, over a close', async () => {
      const under = fresh();
      const first = under.open();
      await Promise.all([revealOf(1, 1), revealOf(1, 2), revealOf(2, 1)].map(first.put));
      first.close();
      const second = under.open();
      expect(kept(second, 1).sort()).toEqual([nodeOf(1), nodeOf(2)]);
      expect(second.of(unitOf(2)).get(nodeOf(1))).toEqual(revealOf(2, 1));
      expect(kept(second, 3)).toEqual([]);
      expect([...second.units()].sort()).toEqual([unitOf(1), unitOf(2)]);
      second.close();
    });

    test('a later reveal of the same node takes the place of the earlier', async () => {
      const under = fresh();
      const store = under.open();
      await store.put(revealOf(1, 1, 7));
      await store.put(revealOf(1, 1, 8));
      store.close();
      const again = under.open();
      expect([...again.of(unitOf(1)).values()]).toEqual([revealOf(1, 1, 8)]);
      again.close();
    });

    test('what is dropped is gone, also when it was just put, and its unit may come again', async () => {
      const under = fresh();
      const store = under.open();
      await store.put(revealOf(1, 1));
      const late = store.put(revealOf(1, 2));
      store.drop(unitOf(1));
      store.drop(unitOf(9));
      await late;
      expect(kept(store, 1)).toEqual([]);
      await store.put(revealOf(1, 3));
      store.close();
      const again = under.open();
      expect(kept(again, 1)).toEqual([nodeOf(3)]);
      again.close();
    });
  });
}
