import type { NodeId } from '@reckon/protocol/base/ids';
import { recoverAddress } from '@reckon/protocol/base/signature';
import { verifyLeafAttestation } from '@reckon/protocol/model/attestation';
import { type UnitSpec, unitInputDigest } from '@reckon/protocol/model/job-spec';
import { equalBytes } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import { fail, type ResultContext } from './result-context.ts';
import { unitFileName } from './result-file.ts';

/** The raw result of every accepted unit is there, has the accepted digest, and is well-formed by the kernel's rules. */
export function checkResults({ bundle, stage, rules, files }: ResultContext): string {
  let count = 0;
  for (const unit of bundle.units) {
    if (unit.canonical === null) continue;
    const file = unitFileName(unit.index);
    const bytes = files.get(file) ?? fail('results', 'it is missing', file);
    const digest = hashBlob(bytes);
    if (digest !== unit.canonical) fail('results', `its digest is ${digest}, not ${unit.canonical}`, file);
    const problem = rules.inspect((stage.units[unit.index] as UnitSpec).params, bytes);
    if (problem !== undefined) fail('results', problem, file);
    count += 1;
  }
  return `${count} results have the digests that were accepted`;
}

/** Every attestation is signed by its node and is about this unit, this kernel and this input. */
export function checkAttestations({ bundle, stage, domain }: ResultContext): string {
  let count = 0;
  const nodes = new Set<NodeId>();
  for (const unit of bundle.units) {
    const inputDigest = unitInputDigest(stage, stage.units[unit.index] as UnitSpec);
    for (const { nodeId, attestation } of unit.attestations) {
      const { leaf } = attestation;
      const about = `unit ${unit.index}, node ${nodeId}`;
      if (leaf.workUnitId !== unit.workUnitId) fail('attestations', `${about}: it is about unit ${leaf.workUnitId}`);
      if (leaf.kernelDigest !== stage.kernel.digest) fail('attestations', `${about}: it names another kernel`);
      if (leaf.inputDigest !== inputDigest) fail('attestations', `${about}: it names another input`);
      if (!verifyLeafAttestation(domain, nodeId, attestation, recoverAddress)) {
        fail('attestations', `${about}: the signature or its Merkle path is not the node’s`);
      }
      nodes.add(nodeId);
      count += 1;
    }
  }
  return `${count} attestations by ${nodes.size} nodes are signed and name this kernel and these inputs`;
}

/** Putting the raw results together again gives the output files, byte for byte. */
export function checkOutputs({ bundle, stage, rules, files, result }: ResultContext): string {
  const results = bundle.units.map((unit) =>
    unit.canonical === null ? undefined : files.get(unitFileName(unit.index)),
  );
  const merged = rules.merge(stage.params, results);
  const named = new Map(result.files.map((file) => [file.name, file]));
  for (const { name, bytes } of merged) {
    const file = files.get(name) ?? fail('outputs', 'it is missing', name);
    if (!equalBytes(file, bytes)) fail('outputs', 'its bytes are not those the results give', name);
    const stated = named.get(name) ?? fail('outputs', `result.json does not name it`, name);
    if (stated.digest !== hashBlob(bytes) || stated.size !== bytes.length) {
      fail('outputs', 'result.json states another digest or size', name);
    }
    named.delete(name);
  }
  for (const name of named.keys()) fail('outputs', 'the results give no such file', name);
  return `${merged.map(({ name }) => name).join(', ') || 'no file'} put together again, byte for byte`;
}
