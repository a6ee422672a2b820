import { packParts } from '@reckon/protocol/base/named-parts';
import { expect, test } from 'vitest';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { elementCount, type Tensor, toNumbers } from '../../tensor/tensor.ts';
import { fileStems } from './output-files.ts';
import { onnxRules } from './rules.ts';

const tensor = (shape: number[], value: number): Tensor => ({
  dtype: 'float32',
  shape,
  data: new Uint8Array(new Float32Array(elementCount(shape)).fill(value).buffer),
});
const result = (outputs: Record<string, Tensor>) =>
  packParts(Object.entries(outputs).map(([name, each]) => ({ name, bytes: encodeNpy(each) })));
const merge = (total: number, batch: number, outputs: string[], results: (Uint8Array | undefined)[]) =>
  new Map(onnxRules.merge(JSON.stringify({ total, batch, outputs }), results).map(({ name, bytes }) => [name, bytes]));
const shapeOf = (bytes: Uint8Array | undefined) => decodeNpy('file', bytes as Uint8Array).shape;

test('rows of one size are one file, and of several sizes one for each unit', () => {
  const alike = merge(
    5,
    2,
    ['y'],
    [2, 2, 1].map((rows) => result({ y: tensor([rows, 3], rows) })),
  );
  expect([...alike.keys()]).toEqual(['y.npy', 'predictions.csv']);
  expect(shapeOf(alike.get('y.npy'))).toEqual([5, 3]);

  const sizes = [
    [2, 3],
    [2, 5],
    [1, 4],
  ];
  const results = sizes.map((shape, i) => result({ y: tensor(shape, i), z: tensor([shape[0] as number, 7, 2], i) }));
  const files = merge(5, 2, ['y', 'z'], results);
  expect([...files.keys()]).toEqual(['y,0-1.npy', 'y,2-3.npy', 'y,4-4.npy', 'z.npy']);
  for (const [i, name] of ['y,0-1.npy', 'y,2-3.npy', 'y,4-4.npy'].entries()) {
    expect(shapeOf(files.get(name))).toEqual(sizes[i]);
    expect([...new Set(Array.from(toNumbers(decodeNpy(name, files.get(name) as Uint8Array))))]).toEqual([i]);
  }
  expect(shapeOf(files.get('z.npy'))).toEqual([5, 7, 2]);

  const partial = merge(5, 2, ['y', 'z'], [results[0], undefined, results[2]]);
  expect([...partial.keys()]).toEqual(['y,0-1.npy', 'y,4-4.npy', 'z.npy', 'missing-rows.csv']);
});

test('rows of another rank or type make no one file either', () => {
  const flat = merge(4, 2, ['y'], [result({ y: tensor([2, 6], 1) }), result({ y: tensor([2, 2, 3], 1) })]);
  expect([...flat.keys()]).toEqual(['y,0-1.npy', 'y,2-3.npy']);
  const bytes: Tensor = { dtype: 'uint8', shape: [2, 6], data: new Uint8Array(12) };
  const typed = merge(4, 2, ['y'], [result({ y: tensor([2, 6], 1) }), result({ y: bytes })]);
  expect([...typed.keys()]).toEqual(['y,0-1.npy', 'y,2-3.npy']);
});

test('each output has files of its own, whatever its name', () => {
  const outputs = ['a/y', 'a_y', 'A_Y', 'a_y-2', '', '..', 'ä', 'plain.0'];
  const stems = fileStems(outputs);
  expect(stems).toEqual(['a_y', 'a_y-2', 'A_Y-3', 'a_y-2-2', 'output', '_', '_-2', 'plain.0']);
  expect(new Set(stems.map((stem) => stem.toLowerCase())).size).toBe(outputs.length);
  const values = Object.fromEntries(outputs.map((name, i) => [name, tensor([2, 2], i)]));
  const files = merge(2, 2, outputs, [result(values)]);
  expect(files.size).toBe(2 * outputs.length);
  for (const [i, stem] of stems.entries()) {
    expect(toNumbers(decodeNpy(stem, files.get(`${stem}.npy`) as Uint8Array))[0]).toBe(i);
    expect(files.has(`predictions-${stem}.csv`)).toBe(true);
  }
});
