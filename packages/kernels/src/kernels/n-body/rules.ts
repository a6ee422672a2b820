import { toUtf8 } from '@reckon/protocol/base/bytes';
import type { KernelRules } from '../../kernel.ts';
import { attempt, reasonOf } from '../../params.ts';
import { checkUnitCount, unitCost } from '../../plan.ts';
import { mergeRows, missingRows } from '../../tensor/merge-rows.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { describeTensor, sliceRows, toNumbers } from '../../tensor/tensor.ts';
import { readBodies } from './bodies.ts';
import { energyFile } from './energy-file.ts';
import { COLUMNS, shownField } from './field.ts';
import { nBodyManifest } from './manifest.ts';
import { type Order, readOrder, readStage, readUnit, unitsOf } from './params.ts';
import { fieldPreview } from './picture.ts';
import { plummerSphere } from './plummer.ts';
import { fieldsAgree } from './tolerance.ts';

/** Operations of one pair: 20 by the custom of the field (GPU Gems 3, ch. 31), four pairs at a time. */
const OPERATIONS = 5;
/** The header of a .npy file of rows. */
const HEADER_BYTES = 128;

function makeSphere({ bodies, seed }: Order): Uint8Array {
  const sphere = plummerSphere(bodies, seed);
  return encodeNpy({ dtype: 'float32', shape: [bodies, 4], data: new Uint8Array(sphere.buffer) });
}

const fieldOf = (result: Uint8Array): ArrayLike<number> => toNumbers(decodeNpy('result', result));

/** Bodies in, the field at each of them out. */
export const nBodyRules: KernelRules = {
  manifest: nBodyManifest,
  split(params, inputs) {
    const order = readOrder(params);
    const given = inputs.get('bodies');
    const count = given === undefined ? order.bodies : readBodies(given.bytes).length / 4;
    const stage = { bodies: count, targets: order.targets, softening: order.softening };
    checkUnitCount(nBodyManifest, 'targets', order.targets, Math.ceil(count / order.targets));
    const units = unitsOf(stage);
    return {
      units: units.map((unit) => ({ params: JSON.stringify(unit), blobs: [] })),
      shared: [{ name: 'bodies', bytes: given?.bytes ?? makeSphere(order) }],
      stageParams: JSON.stringify(stage),
      ...unitCost((count * Math.min(count, order.targets) * OPERATIONS) / 1e9),
    };
  },
  resultBytes: (params) => (readUnit(params).targets + 1) * COLUMNS * 4 + HEADER_BYTES,
  inspect: (params, result) =>
    reasonOf(() => {
      const { targets } = readUnit(params);
      const tensor = decodeNpy('result', result);
      const expected = describeTensor({ dtype: 'float32', shape: [targets + 1, COLUMNS] });
      if (describeTensor(tensor) !== expected) return `expected ${expected}, got ${describeTensor(tensor)}`;
      const field = toNumbers(tensor);
      for (let at = 0; at < field.length; at++) {
        const value = field[at] as number;
        const [row, column] = [Math.floor(at / COLUMNS), at % COLUMNS];
        if (!Number.isFinite(value)) return `row ${row}, column ${column} is ${value}`;
        if (column === 3 && value > 0) return `expected potentials of at most 0, row ${row} has ${value}`;
        if (column === 4 && value < 0) return `expected pulls of at least 0, row ${row} has ${value}`;
      }
      return undefined;
    }),
  agree(a, b) {
    const [left, right] = [attempt(() => fieldOf(a)), attempt(() => fieldOf(b))];
    return left !== undefined && right !== undefined && fieldsAgree(left, right);
  },
  merge(stageParams, results) {
    const stage = readStage(stageParams);
    const counts = unitsOf(stage).map((unit) => unit.targets);
    const tensors = counts.map((_, i) => results[i] && decodeNpy('result', results[i]));
    const rows = tensors.map((tensor, i) => tensor && sliceRows(tensor, 0, counts[i] as number));
    const merged = mergeRows(rows, counts);
    const sums = tensors.map(
      (tensor, i) => tensor && toNumbers(sliceRows(tensor, counts[i] as number, (counts[i] as number) + 1)),
    );
    return [
      ...(merged === undefined ? [] : [{ name: 'field.npy', bytes: encodeNpy(shownField(merged)) }]),
      { name: 'energy.json', bytes: toUtf8(energyFile(stage, sums)) },
      ...missingRows(results, counts),
    ];
  },
  preview(params, blobs, result) {
    const unit = readUnit(params);
    const bodies = attempt(() => readBodies(blobs.get('bodies') ?? new Uint8Array()));
    const field = result && attempt(() => fieldOf(result));
    if (bodies !== undefined && bodies.length === unit.bodies * 4) return fieldPreview(unit, bodies, field);
    const [from, to] = [unit.first + 1, unit.first + unit.targets].map((body) => body.toLocaleString('en-US'));
    return {
      kind: 'text',
      text: `Gravity of ${unit.bodies.toLocaleString('en-US')} bodies on those from ${from} to ${to}`,
    };
  },
};
