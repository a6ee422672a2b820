import { ReckonError } from '@reckon/protocol/base/errors';
import { type NamedPart, unpackParts } from '@reckon/protocol/base/named-parts';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { KernelRules } from '../../kernel.ts';
import { attempt, parseParams, reasonOf, requireBlob, requireInput } from '../../params.ts';
import { checkUnitCount, unitCost } from '../../plan.ts';
import { tensorsAgree } from '../../tensor/agree.ts';
import { mergeRows, missingRows, rowCounts } from '../../tensor/merge-rows.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { describeTensor, sliceRows, type Tensor } from '../../tensor/tensor.ts';
import { readProgram } from './check-shader.ts';
import { customWgslManifest } from './manifest.ts';
import { bytesOf, DTYPE_OF, JobParams, MAX_TOTAL, readStage, readUnit, resultShape, unitOutput } from './params.ts';
import { bindingFrom, outputsOf } from './shader-manifest.ts';
import { checkUnitSize, readTensor } from './tensors.ts';
import { encodeUniform } from './uniform.ts';

/** Whole numbers are equal or not. */
const EQUAL = { absolute: 0, relative: 0 };

const tensorsOf = (result: Uint8Array) =>
  unpackParts(result).map(({ name, bytes }) => ({ name, tensor: decodeNpy(name, bytes) }));

/** Rows of a tensor, or numbered rows, in; the shader's outputs for them out. */
export const customWgslRules: KernelRules = {
  manifest: customWgslManifest,
  split(params, inputs) {
    const job = parseParams(customWgslManifest, JobParams, params);
    const shader = requireInput(customWgslManifest, inputs, 'shader').bytes;
    const manifest = requireInput(customWgslManifest, inputs, 'manifest').bytes;
    const program = readProgram(shader, manifest);
    const uniform = encodeUniform(bindingFrom(program.manifest, 'params'), job.params);
    const data = readTensor(program.manifest, 'data', inputs.get('data')?.bytes);
    const table = readTensor(program.manifest, 'table', inputs.get('table')?.bytes);
    const total = data?.shape[0] ?? job.rows * job.units;
    if (total > MAX_TOTAL) throw tooMany('units', `rows that a u32 counts, at most ${MAX_TOTAL} in all`, `${total}`);
    const counts = rowCounts(total, job.rows);
    checkUnitCount(customWgslManifest, 'rows', job.rows, counts.length);
    const rows = Math.min(job.rows, total);
    checkUnitSize(program.manifest, rows);
    const outputs = outputsOf(program.manifest).map(unitOutput);
    const { within } = program.manifest;
    return {
      units: counts.map((count, i) => ({
        params: JSON.stringify({ rows: count, firstRow: i * job.rows, outputs, within }),
        blobs:
          data === undefined
            ? []
            : [{ name: 'data', bytes: encodeNpy(sliceRows(data, i * job.rows, i * job.rows + count)) }],
      })),
      shared: [
        { name: 'shader', bytes: shader },
        { name: 'manifest', bytes: manifest },
        ...(uniform === undefined ? [] : [{ name: 'params', bytes: uniform }]),
        ...(table === undefined ? [] : [{ name: 'table', bytes: encodeNpy(table) }]),
      ],
      stageParams: JSON.stringify({ rows: job.rows, total, outputs }),
      // An ordinary computer is one that does 10⁹ operations a second.
      ...unitCost(job.seconds),
    };
  },
  admit(shared) {
    const [shader, manifest] = ['shader', 'manifest'].map((name) => requireBlob(customWgslManifest, shared, name));
    readProgram(shader as Uint8Array, manifest as Uint8Array);
  },
  resultBytes(params) {
    const { rows, outputs } = readUnit(params);
    return outputs.reduce((sum, output) => sum + bytesOf(resultShape(output, rows)), 0);
  },
  inspect: (params, result) =>
    reasonOf(() => {
      const { rows, outputs } = readUnit(params);
      const describe = (name: string, tensor: Pick<Tensor, 'dtype' | 'shape'>) => `"${name}" ${describeTensor(tensor)}`;
      const expected = outputs.map((output) =>
        describe(output.name, { dtype: DTYPE_OF[output.type], shape: resultShape(output, rows) }),
      );
      const received = tensorsOf(result).map(({ name, tensor }) => describe(name, tensor));
      if (received.join() === expected.join()) return undefined;
      return `expected ${expected.join(', ')}, got ${received.join(', ').slice(0, 300) || 'none'}`;
    }),
  agree(a, b, params) {
    const within = attempt(() => readUnit(params));
    const [left, right] = [attempt(() => tensorsOf(a)), attempt(() => tensorsOf(b))];
    if (within === undefined || left === undefined || right === undefined || left.length !== right.length) return false;
    return left.every(({ name, tensor }, i) => {
      const other = right[i] as (typeof right)[number];
      return name === other.name && tensorsAgree(tensor, other.tensor, within.within ?? EQUAL);
    });
  },
  merge(stageParams, results) {
    const { rows, total, outputs } = readStage(stageParams);
    const counts = rowCounts(total, rows);
    const units = counts.map((_, i) => results[i] && tensorsOf(results[i]));
    const files = outputs.flatMap(({ name, per }, at): NamedPart[] => {
      const tensors = units.map((unit) => unit?.[at]?.tensor);
      const merged = mergeRows(tensors, per === 'row' ? counts : counts.map(() => 1));
      return merged === undefined ? [] : [{ name: `${name}.npy`, bytes: encodeNpy(merged) }];
    });
    return [...files, ...missingRows(results, counts)];
  },
  preview(params, blobs) {
    const { rows, firstRow, outputs } = readUnit(params);
    const names = outputs.map(({ name }) => name).join(', ');
    const what = blobs.has('data') ? `${rows} rows of data` : `rows ${firstRow} to ${firstRow + rows - 1}`;
    return { kind: 'text', text: `${what} through a shader that the requester wrote, giving ${names}` };
  },
};

const tooMany = (path: string, expected: string, received: string) =>
  new ReckonError('KERNEL_PARAMS_INVALID', { kernel: kernelName(customWgslManifest), path, expected, received });
