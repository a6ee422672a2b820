import type { WorkUnitId } from '@reckon/protocol/base/ids';
import type { ShardEventOf } from '@reckon/protocol/journal/entry';
import { findUnit } from '@reckon/protocol/machine/replica';
import type { ShardState } from '@reckon/protocol/machine/state';
import { isTerminal, revealedOf } from '@reckon/protocol/machine/unit-view';
import type { RevealStore } from '../reveals/reveal-store.ts';
import type { Secrets } from '../secrets/secrets.ts';

/** What brings a decided unit's results into the open; undefined unless it is decided and every reveal is at hand. */
export function openingOf(
  state: ShardState,
  { reveals, secrets }: { reveals: RevealStore; secrets: Secrets },
  workUnitId: WorkUnitId,
  at: number,
): ShardEventOf<'unit.opened'> | undefined {
  const unit = findUnit(state, workUnitId)?.unit;
  if (unit?.decided === undefined || isTerminal(unit)) return undefined;
  const kept = reveals.of(workUnitId);
  const revealed = revealedOf(unit);
  const results = revealed.flatMap(({ nodeId }) => {
    const own = kept.get(nodeId);
    return own === undefined ? [] : [{ nodeId, salt: own.salt, attestation: own.attestation }];
  });
  if (results.length < revealed.length) return undefined;
  return { type: 'unit.opened', at, workUnitId, tagKey: secrets.tagKey(workUnitId), results };
}
