import { ReckonError } from '@reckon/protocol/base/errors';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { requireBlob } from '../../params.ts';
import { readProgram, type ShaderProgram } from './check-shader.ts';
import { customWgslManifest } from './manifest.ts';
import { bytesOf, ELEMENT_BYTES, resultShape, type ShaderUnit, unitOutput } from './params.ts';
import { bindingFrom, outputsOf, type ShaderManifest } from './shader-manifest.ts';
import { checkUnitSize, itemsOf, readTensor } from './tensors.ts';

/** One buffer of a shader: what is written into it before the run, or how large it is. */
export interface ShaderBuffer {
  /** What to call it: `data`, `y`. */
  name: string;
  binding: number;
  kind: 'uniform' | 'read' | 'write';
  bytes: number;
  data?: Uint8Array;
}

/** All that one unit's run needs, checked. */
export interface ShaderJob extends ShaderProgram {
  buffers: ShaderBuffer[];
  items: number;
  rows: number;
  firstRow: number;
}

/**
 * Reads a unit's blobs once more as strictly as its order was read: a unit is a stranger's.
 * @throws {ReckonError} KERNEL_INPUT_MISSING, KERNEL_PARAMS_INVALID, SHADER_INVALID, SHADER_MANIFEST_INVALID, TENSOR_INVALID,
 * TENSOR_TYPE or TENSOR_SHAPE
 */
export function readShaderJob(unit: ShaderUnit, blobs: ReadonlyMap<string, Uint8Array>): ShaderJob {
  const { rows, firstRow } = unit;
  const program = readProgram(
    requireBlob(customWgslManifest, blobs, 'shader'),
    requireBlob(customWgslManifest, blobs, 'manifest'),
  );
  checkUnit(unit, program.manifest);
  checkUnitSize(program.manifest, rows);
  return {
    ...program,
    buffers: [...readInputs(program.manifest, rows, blobs), ...outputBuffers(program.manifest, rows)],
    items: itemsOf(program.manifest, rows),
    rows,
    firstRow,
  };
}

/** What a result is checked and compared by must be what the manifest says. */
function checkUnit({ outputs, within }: ShaderUnit, manifest: ShaderManifest): void {
  const [expected, received] = [
    { outputs: outputsOf(manifest).map(unitOutput), within: manifest.within },
    { outputs: outputs.map(({ name, type, per, shape }) => ({ name, type, per, shape })), within },
  ].map((terms) => JSON.stringify([terms.outputs, terms.within?.absolute, terms.within?.relative]));
  if (expected === received) return;
  throw new ReckonError('KERNEL_PARAMS_INVALID', {
    kernel: kernelName(customWgslManifest),
    path: 'outputs',
    expected: `those of the shader’s manifest, ${expected?.slice(0, 300)}`,
    received: `${received?.slice(0, 300)}`,
  });
}

function readInputs(manifest: ShaderManifest, rows: number, blobs: ReadonlyMap<string, Uint8Array>): ShaderBuffer[] {
  const uniform = bindingFrom(manifest, 'params');
  const buffers: ShaderBuffer[] = [];
  if (uniform !== undefined) {
    const data = requireBlob(customWgslManifest, blobs, 'params');
    const words = uniform.fields.length;
    if (data.length !== words * ELEMENT_BYTES) {
      const [expected, received] = [`[${words}]`, `${data.length} bytes`];
      throw new ReckonError('TENSOR_SHAPE', { input: 'params', expected, received });
    }
    // WGSL may round a struct with vectors in it up to 16 bytes.
    const bytes = Math.ceil(data.length / 16) * 16;
    buffers.push({ name: 'params', binding: uniform.binding, kind: 'uniform', bytes, data });
  }
  for (const from of ['data', 'table'] as const) {
    const tensor = readTensor(manifest, from, blobs.get(from), from === 'data' ? rows : undefined);
    const binding = bindingFrom(manifest, from)?.binding;
    if (tensor === undefined || binding === undefined) continue;
    buffers.push({ name: from, binding, kind: 'read', bytes: tensor.data.length, data: tensor.data });
  }
  return buffers;
}

const outputBuffers = (manifest: ShaderManifest, rows: number): ShaderBuffer[] =>
  outputsOf(manifest).map((output) => ({
    name: output.name,
    binding: output.binding,
    kind: 'write',
    bytes: bytesOf(resultShape(output, rows)),
  }));
