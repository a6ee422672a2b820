import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeNpy, encodeNpy } from './npy.ts';
import { DTYPES, dtypeBytes, elementCount, type Tensor } from './tensor.ts';

const tensors: fc.Arbitrary<Tensor> = fc
  .record({ dtype: fc.constantFrom(...DTYPES), shape: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }) })
  .chain(({ dtype, shape }) => {
    const length = elementCount(shape) * dtypeBytes(dtype);
    return fc.uint8Array({ minLength: length, maxLength: length }).map((data) => ({ dtype, shape, data }));
  });

test('what is written is read back', () => {
  fc.assert(
    fc.property(tensors, (tensor) => {
      const bytes = encodeNpy(tensor);
      expect(decodeNpy('x', bytes)).toEqual(tensor);
      expect((bytes.length - tensor.data.length) % 64).toBe(0);
    }),
  );
});

test('NumPy’s own header is written, byte for byte', () => {
  const bytes = encodeNpy({ dtype: 'float32', shape: [3], data: new Uint8Array(12) });
  const header = `\x93NUMPY\x01\x00\x76\x00${"{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }".padEnd(117)}\n`;
  expect(Buffer.from(bytes.subarray(0, 128)).toString('latin1')).toBe(header);
});

test('version 2 and other key orders are read', () => {
  const header = "{'shape': (2, 1), 'descr': '|u1', 'fortran_order': False}\n";
  const bytes = Uint8Array.from([
    ...Buffer.from('\x93NUMPY\x02\x00', 'latin1'),
    header.length,
    0,
    0,
    0,
    ...Buffer.from(header),
    7,
    8,
  ]);
  expect(decodeNpy('x', bytes)).toEqual({ dtype: 'uint8', shape: [2, 1], data: Uint8Array.of(7, 8) });
});

const file = (header: string, data = 0): Uint8Array =>
  Uint8Array.from([
    ...Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    header.length % 256,
    header.length >> 8,
    ...Buffer.from(header),
    ...new Uint8Array(data),
  ]);

test.each<[string, Uint8Array, RegExp]>([
  ['nothing', new Uint8Array(), /begin like one/],
  ['only the magic', Uint8Array.from(Buffer.from('\x93NUMPY', 'latin1')), /begin like one/],
  ['version 9', file('').with(6, 9), /version 9/],
  ['a header that is longer than the file', file('{}').with(9, 255), /ends inside its header/],
  ['no dictionary', file('hello'), /header/],
  ['code in the header', file("{'descr': exec('x'), 'fortran_order': False, 'shape': (1,)}", 4), /header/],
  ['no commas', file("{'descr': '<f4' 'fortran_order': False 'shape': (1,)}", 4), /header/],
  [
    'blanks that could be read in many ways',
    file(
      `{'descr': '<f4'${' '.repeat(1300)}'fortran_order': False${' '.repeat(1300)}'shape': (1,)${' '.repeat(1300)}x`,
      4,
    ),
    /header/,
  ],
  ['a key twice', file("{'descr': '<f4', 'descr': '<f4', 'shape': (1,)}", 4), /header/],
  ['Fortran order', file("{'descr': '<f4', 'fortran_order': True, 'shape': (1,)}", 4), /Fortran/],
  ['big-endian numbers', file("{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}", 4), /type ">f4"/],
  ['objects', file("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", 8), /type "\|O"/],
  ['complex numbers', file("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", 8), /type "<c8"/],
  ['a negative size', file("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", 4), /header/],
  ['a shape of commas', file("{'descr': '<f4', 'fortran_order': False, 'shape': (,,)}", 4), /shape/],
  [
    'a huge shape',
    file("{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999, 9999999999, 9999999999)}"),
    /too large/,
  ],
  [
    'a huge shape hidden behind a zero',
    file("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 9999999999)}"),
    /too large/,
  ],
  [
    'nine dimensions',
    file("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}", 4),
    /9 dimensions/,
  ],
  [
    'too little data',
    file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", 7),
    /needs 8 bytes of data, it has 7/,
  ],
  [
    'too much data',
    file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", 9),
    /needs 8 bytes of data, it has 9/,
  ],
])('%s is refused', (_what, bytes, message) => {
  expect(() => decodeNpy('images', bytes)).toThrow(message);
  expect(() => decodeNpy('images', bytes)).toThrow(expect.objectContaining({ code: 'TENSOR_INVALID' }));
});

test('any bytes are read or refused with the code, fast', () => {
  const begun = encodeNpy({ dtype: 'int8', shape: [2, 2], data: new Uint8Array(4) });
  fc.assert(
    fc.property(fc.nat(begun.length - 1), fc.nat(255), (at, value) => {
      try {
        decodeNpy('x', begun.with(at, value));
      } catch (error) {
        expect(error).toMatchObject({ code: 'TENSOR_INVALID' });
      }
    }),
    { numRuns: 500 },
  );
});

test('the example images are a tensor', () => {
  const bytes = Uint8Array.from(readFileSync(new URL('../../../../examples/digits/images.npy', import.meta.url)));
  expect(decodeNpy('images', bytes)).toMatchObject({ dtype: 'float32', shape: [200, 1, 28, 28] });
});
