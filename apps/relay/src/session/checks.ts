import { ReckonError, toReckonError } from '@reckon/protocol/base/errors';
import type { WorkUnitId } from '@reckon/protocol/base/ids';
import { checkBy } from '@reckon/protocol/machine/unit-checks';
import { type CheckAnswer, recoverCheckSigner } from '@reckon/protocol/model/check-answer';
import { openingAt } from '../evidence/chunks.ts';
import { findUnit } from '../evidence/find-unit.ts';
import type { SessionContext } from './ports.ts';

/** A node's answers to check leases: held against the openings of the result that it checks. */
export function createChecks({ ports, nodeId, refuse, submit }: SessionContext) {
  const { coordinator, kernels, stored, log } = ports;
  const { state } = coordinator;

  async function answer(workUnitId: WorkUnitId, given: CheckAnswer): Promise<void> {
    const signer = recoverCheckSigner(ports.domain, nodeId, workUnitId, given, ports.recover);
    if (signer !== nodeId) {
      const details = { what: 'check answer', expected: nodeId, received: signer ?? 'nobody' };
      return refuse(new ReckonError('SIGNATURE_INVALID', details), workUnitId);
    }
    const found = findUnit(state, kernels, workUnitId);
    const check = found && checkBy(found.unit, nodeId);
    if (found === undefined || check === undefined) {
      return refuse(new ReckonError('LEASE_MISSING', { workUnitId, nodeId }), workUnitId);
    }
    const chunked = await stored.chunksOf(found, check.subject);
    if (chunked === undefined) {
      throw new ReckonError('UNEXPECTED', { cause: `what ${check.subject} revealed for ${workUnitId} is lost` });
    }
    // The machine compares the chunks that were asked for with those that were answered.
    const openings = check.chunks.map((index) => openingAt(chunked, index));
    const draw = ports.random.u32();
    await submit({
      type: 'check.answered',
      at: coordinator.stamp(),
      nodeId,
      workUnitId,
      answer: given,
      openings,
      draw,
    });
  }

  return {
    answer(workUnitId: WorkUnitId, given: CheckAnswer): void {
      answer(workUnitId, given).catch((error: unknown) => {
        // The result that is checked is lost on our disk: the checker has done its part, and its lease runs out.
        log.error({ workUnitId, error: toReckonError(error).message }, 'check.failed');
      });
    },
  };
}
