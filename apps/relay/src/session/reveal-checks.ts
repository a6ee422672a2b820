import { ReckonError } from '@reckon/protocol/base/errors';
import type { Replica } from '@reckon/protocol/machine/state';
import { NO_TRACE, type ResultLeaf, type Salt } from '@reckon/protocol/model/attestation';
import { unitInputDigest } from '@reckon/protocol/model/job-spec';
import { sealResult } from '@reckon/protocol/trust/seal';
import type { FoundUnit } from '../evidence/find-unit.ts';

/** Why a signed result is not the one that its node sealed for the unit; undefined when it is. */
export function leafProblem(
  { stage, spec, unit, rules }: FoundUnit,
  own: Replica,
  leaf: ResultLeaf,
  salt: Salt,
): ReckonError | undefined {
  const { id: workUnitId } = unit;
  const { resultDigest, traceRoot } = leaf;
  const expected: Partial<ResultLeaf> = {
    kernelDigest: stage.kernel.digest,
    inputDigest: unitInputDigest(stage, spec),
    ...(rules.chunks === undefined ? { traceRoot: NO_TRACE } : {}),
  };
  for (const field of ['kernelDigest', 'inputDigest', 'traceRoot'] as const) {
    const wanted = expected[field];
    if (wanted === undefined || wanted === leaf[field]) continue;
    return new ReckonError('ATTESTATION_MISMATCH', { workUnitId, field, expected: wanted, received: leaf[field] });
  }
  const seal = sealResult({ nodeId: own.nodeId, workUnitId, resultDigest, traceRoot, salt });
  return seal === own.seal ? undefined : new ReckonError('SEAL_MISMATCH', { workUnitId });
}
