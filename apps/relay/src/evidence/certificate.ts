import type { NodeId } from '@reckon/protocol/base/ids';
import type { Random } from '@reckon/protocol/base/ports';
import type { ShardEventOf } from '@reckon/protocol/journal/entry';
import { replicaOf } from '@reckon/protocol/machine/unit-view';
import type { BlobStore } from '../blobs/blob-store.ts';
import { type FoundUnit, readInput } from './find-unit.ts';

type Certificate = NonNullable<ShardEventOf<'replica.revealed'>['certificate']>;

/** Whether the policy, or the draw of what the node sealed, asks for the kernel's own check of its result. */
export const isCertificateWanted = ({ stage, unit }: FoundUnit, nodeId: NodeId): boolean =>
  stage.policy.kind === 'certificate' || replicaOf(unit, nodeId)?.audit === 'certificate';

/**
 * Runs the kernel's check with numbers that nobody could foresee.
 * @throws {ReckonError} BLOB_MISSING, BLOB_CORRUPT; what the kernel throws for an input it cannot read.
 */
export async function checkCertificate(
  ports: { blobs: BlobStore; random: Random },
  found: FoundUnit,
  result: Uint8Array,
): Promise<Certificate | undefined> {
  const { check } = found.rules;
  if (check === undefined) return undefined;
  const outcome = await check(await readInput(ports.blobs, found), result, ports.random);
  if (outcome.passed) return { passed: true, errorLog2: Math.max(-1000, Math.min(0, outcome.errorLog2)) };
  return { passed: false, cause: outcome.cause.slice(0, 200) };
}
