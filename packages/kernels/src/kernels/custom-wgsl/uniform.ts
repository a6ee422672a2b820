import { ReckonError } from '@reckon/protocol/base/errors';
import { tryParse } from '@reckon/protocol/base/parse';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import * as v from 'valibot';
import { customWgslManifest } from './manifest.ts';
import { ELEMENT_BYTES } from './params.ts';
import type { ElementType, UniformBinding } from './shader-manifest.ts';

const Numbers = v.union([v.array(v.number()), v.record(v.string(), v.number())]);

/**
 * The uniform's words, little-endian, from a JSON list in the order of its fields or an object by their names; undefined
 * for a shader without a uniform. @throws {ReckonError} KERNEL_PARAMS_INVALID
 */
export function encodeUniform(uniform: UniformBinding | undefined, text: string): Uint8Array | undefined {
  if (uniform === undefined) {
    if (/^\s*(?:|\{\s*\}|\[\s*\])\s*$/.test(text)) return undefined;
    return refuse('nothing, since the shader’s manifest has no binding from params', text);
  }
  const { fields } = uniform;
  const expected = `${fields.length} ${fields.length === 1 ? 'number' : 'numbers'}, for ${fields.map(({ name }) => name).join(', ')}`;
  const values = readNumbers(text) ?? refuse(`${expected}, as a JSON list or object`, text);
  const count = Object.keys(values).length;
  if (count !== fields.length) return refuse(expected, `${count}`);
  const bytes = new Uint8Array(fields.length * ELEMENT_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [i, { name, type }] of fields.entries()) {
    const value = Array.isArray(values) ? values[i] : Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined || !fits(type, value)) return refuse(`"${name}", of ${type}`, `${value ?? 'nothing'}`);
    WRITE[type](view, i * ELEMENT_BYTES, value);
  }
  return bytes;
}

function readNumbers(text: string): v.InferOutput<typeof Numbers> | undefined {
  try {
    const parsed = tryParse(Numbers, JSON.parse(text));
    return parsed.ok ? parsed.value : undefined;
  } catch {
    return undefined;
  }
}

function fits(type: ElementType, value: number): boolean {
  if (type === 'f32') return Number.isFinite(Math.fround(value));
  return Number.isInteger(value) && (type === 'i32' ? value === (value | 0) : value === value >>> 0);
}

const WRITE: Readonly<Record<ElementType, (view: DataView, at: number, value: number) => void>> = {
  f32: (view, at, value) => view.setFloat32(at, value, true),
  i32: (view, at, value) => view.setInt32(at, value, true),
  u32: (view, at, value) => view.setUint32(at, value, true),
};

function refuse(expected: string, received: string): never {
  throw new ReckonError('KERNEL_PARAMS_INVALID', {
    kernel: kernelName(customWgslManifest),
    path: 'params',
    expected,
    received: received.trim() === '' ? 'nothing' : received.slice(0, 60),
  });
}
