import { ReckonError } from '@reckon/protocol/base/errors';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import * as v from 'valibot';
import { declaredNumber, parseParams, parseParamsJson, real, whole } from '../../params.ts';
import { nBodyManifest } from './manifest.ts';

const number = (name: string) => declaredNumber(nBodyManifest, name);

export const MAX_BODIES = 2 ** 20;
const MAX_TARGETS = 65_536;
/** Pairs in one unit at most: ten seconds of a slow machine, half a second of a GPU. */
const MAX_PAIRS = 2 ** 33;

const Order = v.strictObject({
  bodies: number('bodies'),
  seed: number('seed'),
  softening: number('softening'),
  targets: number('targets'),
});
/** What the requester asks for. */
export type Order = v.InferOutput<typeof Order>;

const Unit = v.strictObject({
  /** All bodies, and those of them that the unit computes the field at. */
  bodies: whole(1, MAX_BODIES),
  first: whole(0, MAX_BODIES - 1),
  targets: whole(1, MAX_TARGETS),
  softening: real(1e-6, 1e6),
});
/** One work unit. */
export type Unit = v.InferOutput<typeof Unit>;

const Stage = v.strictObject({
  bodies: whole(1, MAX_BODIES),
  targets: whole(1, MAX_TARGETS),
  softening: real(1e-6, 1e6),
});
export type Stage = v.InferOutput<typeof Stage>;

/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readOrder = (params: unknown): Order => parseParams(nBodyManifest, Order, params);
/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readStage = (json: string): Stage => parseParamsJson(nBodyManifest, Stage, json);

/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export function readUnit(json: string): Unit {
  const unit = parseParamsJson(nBodyManifest, Unit, json);
  refuseAbove('targets', unit.first + unit.targets, unit.bodies, 'bodies');
  refuseAbove('targets', unit.bodies * unit.targets, MAX_PAIRS, 'pairs of bodies');
  return unit;
}

/** The stage's units, in order. @throws {ReckonError} KERNEL_PARAMS_INVALID when one would be too large. */
export function unitsOf({ bodies, targets, softening }: Stage): Unit[] {
  refuseAbove('targets', bodies * Math.min(targets, bodies), MAX_PAIRS, 'pairs of bodies in a unit');
  return Array.from({ length: Math.ceil(bodies / targets) }, (_, i) => ({
    bodies,
    first: i * targets,
    targets: Math.min(targets, bodies - i * targets),
    softening,
  }));
}

function refuseAbove(path: string, value: number, limit: number, what: string): void {
  if (value <= limit) return;
  throw new ReckonError('KERNEL_PARAMS_INVALID', {
    kernel: kernelName(nBodyManifest),
    path,
    expected: `a value that gives at most ${limit} ${what}`,
    received: `one that gives ${value}`,
  });
}
