import { toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob, hashWorkUnit } from '@reckon/protocol/base/hash';
import { recoverAddress } from '@reckon/protocol/base/signature';
import { hashTypedData } from '@reckon/protocol/base/typed-data';
import { jobIdOf } from '@reckon/protocol/model/job-order';
import { requiredBudget } from '@reckon/protocol/model/job-spec';
import { fail, type ResultContext } from './result-context.ts';

/** The spec's bytes have the digest that was signed. */
export function checkSpec({ result, bundle, spec, stage }: ResultContext): string {
  const digest = hashBlob(toUtf8(result.spec));
  if (digest !== bundle.order.order.specDigest) fail('spec', `its digest is ${digest}, not the one signed`);
  if (bundle.specDigest !== digest) fail('spec', `the bundle names digest ${bundle.specDigest}, not ${digest}`);
  return `“${spec.title}”, ${stage.units.length} units of ${stage.kernel.name}, is the spec that was signed`;
}

/** The requester's wallet signed the order, its struct hash is the job's id, and it covers the price. */
export function checkOrder({ bundle, spec, domain }: ResultContext): string {
  const { order, signature } = bundle.order;
  if (jobIdOf(order) !== bundle.jobId) fail('order', `its hash is ${jobIdOf(order)}, not the job id ${bundle.jobId}`);
  const budget = requiredBudget(spec);
  if (order.budget < budget) fail('order', `its budget ${order.budget} is below the price ${budget}`);
  const signer = recoverAddress(hashTypedData(domain, 'JobOrder', order), signature);
  if (signer !== order.requester) {
    fail('order', `its signature is by ${signer ?? 'nobody'}, not by the requester ${order.requester}`);
  }
  return `signed by the requester ${order.requester}; the job is ${bundle.jobId}`;
}

/** Every unit of the spec is there, in order, under its own id, and its status fits the job's. */
export function checkUnits({ bundle, stage }: ResultContext): string {
  if (bundle.units.length !== stage.units.length) {
    fail('units', `${bundle.units.length} units, but the spec has ${stage.units.length}`);
  }
  bundle.units.forEach((unit, index) => {
    if (unit.index !== index) fail('units', `unit ${unit.index} stands at place ${index}`);
    const id = hashWorkUnit(bundle.jobId, 0, index);
    if (unit.workUnitId !== id) fail('units', `unit ${index} has id ${unit.workUnitId}, not ${id}`);
    if ((unit.status === 'accepted') !== (unit.canonical !== null)) {
      fail('units', `unit ${index} is ${unit.status} ${unit.canonical === null ? 'without' : 'with'} a result`);
    }
    const open = unit.status === 'pending' || unit.status === 'issued';
    if (open && bundle.status === 'completed') fail('units', `unit ${index} is ${unit.status} in a completed job`);
  });
  const accepted = bundle.units.filter((unit) => unit.status === 'accepted').length;
  return `${accepted} of ${bundle.units.length} units accepted`;
}
