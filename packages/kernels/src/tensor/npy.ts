import { ReckonError } from '@reckon/protocol/base/errors';
import { DTYPES, type DType, dtypeBytes, elementCount, type Tensor } from './tensor.ts';

/**
 * NumPy's .npy files, versions 1 and 2: little-endian, C order. Source:
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** A header is ASCII; whatever else is in one becomes a character that no rule below lets through. */
const latin1 = new TextDecoder('latin1');
const MAX_HEADER = 64 * 1024;
const MAX_RANK = 8;
/** A shape's product must stay an exact number. */
const MAX_ELEMENTS = 2 ** 32;

const DESCRIPTORS: Readonly<Record<DType, string>> = {
  float32: '<f4',
  float64: '<f8',
  float16: '<f2',
  int64: '<i8',
  int32: '<i4',
  uint32: '<u4',
  uint16: '<u2',
  uint8: '|u1',
  int8: '|i1',
  bool: '|b1',
};

// The header is a Python dictionary literal of exactly these three keys, in any order. Nothing in the pattern can match the
// same blanks in two ways, or a stranger's header full of them would be tried for minutes.
const ENTRY = String.raw`'(?:descr|fortran_order|shape)':\s*(?:'[^']{0,64}'|True|False|\([\d,\s]*\))`;
const HEADER = new RegExp(
  String.raw`^\{(?=.*'descr')(?=.*'fortran_order')(?=.*'shape')\s*${ENTRY}(?:\s*,\s*${ENTRY}){2}\s*(?:,\s*)?\}\s*$`,
);

/**
 * Reads a tensor; its `data` is a view into `bytes`.
 * @throws {ReckonError} TENSOR_INVALID naming `input` and what is wrong.
 */
export function decodeNpy(input: string, bytes: Uint8Array): Tensor {
  const fail = (cause: string) => new ReckonError('TENSOR_INVALID', { input, cause });
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte)) throw fail('it does not begin like one.');
  const major = bytes[6] as number;
  if (major !== 1 && major !== 2) throw fail(`format version ${major} is not 1 or 2.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) throw fail('it ends inside its header.');
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER || start + length > bytes.length) throw fail('it ends inside its header.');
  const { dtype, shape } = readHeader(latin1.decode(bytes.subarray(start, start + length)), fail);
  const data = bytes.subarray(start + length);
  const expected = elementCount(shape) * dtypeBytes(dtype);
  if (data.length !== expected) {
    throw fail(`shape [${shape.join(', ')}] of ${dtype} needs ${expected} bytes of data, it has ${data.length}.`);
  }
  return { dtype, shape, data };
}

type Header = { dtype: DType; shape: number[] };
// Units of one stage have inputs of one shape, and reading a header costs as much as a tiny model.
let last: { text: string; header: Header } | undefined;

function readHeader(text: string, fail: (cause: string) => ReckonError): Header {
  if (last?.text !== text) last = { text, header: parseHeader(text, fail) };
  const { dtype, shape } = last.header;
  return { dtype, shape: [...shape] };
}

function parseHeader(header: string, fail: (cause: string) => ReckonError): Header {
  if (header.length > 4096 || !HEADER.test(header)) throw fail('its header is not descr, fortran_order and shape.');
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? '';
  const dtype = DTYPES.find((name) => DESCRIPTORS[name] === descr.replace(/^[<|](?=[ui]1$|b1$)/, '|'));
  if (dtype === undefined) {
    throw fail(`type "${descr}" is not one of ${Object.values(DESCRIPTORS).join(' ')}. Convert it with astype.`);
  }
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  if (order !== 'False') throw fail('it is in Fortran order. Save numpy.ascontiguousarray of it.');
  const dims = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (dims === undefined || !/^\s*(?:\d{1,10}\s*,\s*)*(?:\d{1,10}\s*)?$/.test(dims))
    throw fail('its shape cannot be read.');
  const shape = dims
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(Number);
  if (shape.length > MAX_RANK) throw fail(`it has ${shape.length} dimensions, at most ${MAX_RANK} are read.`);
  // Multiplied step by step, so that a huge shape is refused before it overflows; a zero elsewhere does not excuse it.
  if (shape.reduce((product, size) => Math.min(product * Math.max(1, size), 2 * MAX_ELEMENTS), 1) > MAX_ELEMENTS) {
    throw fail(`shape [${shape.join(', ')}] is too large.`);
  }
  return { dtype, shape };
}

/** Writes version 1, padded to 64 bytes as NumPy does. The same tensor always gives the same bytes. */
export function encodeNpy(tensor: Tensor): Uint8Array {
  const header = npyHeader(tensor);
  const out = new Uint8Array(header.length + tensor.data.length);
  out.set(header);
  out.set(tensor.data, header.length);
  return out;
}

/** What `encodeNpy` writes before the elements. */
export function npyHeader({ dtype, shape }: Pick<Tensor, 'dtype' | 'shape'>): Uint8Array {
  const dims = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${DESCRIPTORS[dtype]}', 'fortran_order': False, 'shape': ${dims}, }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const header = `${text.padEnd(length - 1)}\n`;
  const out = new Uint8Array(10 + length);
  out.set(MAGIC);
  out[6] = 1;
  new DataView(out.buffer).setUint16(8, length, true);
  for (let i = 0; i < length; i++) out[10 + i] = header.charCodeAt(i);
  return out;
}
