import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import { kernelDigests } from '../../digests.generated.ts';
import { DTYPES } from '../../tensor/tensor.ts';

/** A requester's own WebAssembly module, by the ABI of docs/kernels.md. */
export const customWasmManifest: KernelManifest = {
  id: 'custom-wasm',
  version: '1.0.0',
  digest: kernelDigests['custom-wasm@1.0.0'],
  title: 'Run a WebAssembly module',
  summary: "Runs a requester's own program on a piece of its data, shut off from everything else.",
  backends: ['wasm'],
  guest: true,
  // WebAssembly without relaxed SIMD, threads and imports, with one NaN, leaves nothing open that a program could see.
  agreement: { kind: 'exact' },
  // Nobody but the module knows how its result could be cut, so a check is another run of the whole unit.
  policies: ['quorum', 'audit'],
  inputs: [
    { name: 'module', kind: 'file', description: 'The program, as docs/kernels.md describes it.', accept: ['.wasm'] },
    {
      name: 'data',
      kind: 'file',
      description: 'What is cut into units: a .npy file by rows, any other file by records.',
      accept: ['.npy', '.bin', '.dat', '.raw', '.txt', '.csv'],
      optional: true,
    },
    {
      name: 'table',
      kind: 'file',
      description: 'A file that every unit is given whole.',
      accept: ['.npy', '.bin', '.dat', '.raw', '.txt', '.csv'],
      optional: true,
    },
  ],
  params: [
    {
      name: 'units',
      kind: 'integer',
      description: 'Number of units, where there is no data to cut; each is told its number.',
      default: 1,
      min: 1,
      max: 4096,
    },
    {
      name: 'perUnit',
      kind: 'integer',
      description: 'Rows or records of the data in one unit.',
      default: 1000,
      min: 1,
      max: 100_000_000,
    },
    {
      name: 'recordBytes',
      kind: 'integer',
      description: 'Bytes of a record, for data that is not a .npy file: it is cut only between records.',
      default: 1,
      min: 1,
      max: 16 * 1024 * 1024,
    },
    { name: 'params', kind: 'text', description: 'JSON that the program may read.', default: '{}' },
    {
      name: 'seconds',
      kind: 'integer',
      description: 'Seconds that a unit takes at most on an ordinary computer; a lease is set by it.',
      default: 10,
      min: 1,
      max: 250,
    },
    {
      name: 'outputType',
      kind: 'choice',
      description: 'What the written bytes are: with a number type they are put together as a .npy file.',
      default: 'bytes',
      choices: ['bytes', ...DTYPES],
    },
    {
      name: 'outputColumns',
      kind: 'integer',
      description: 'Numbers in one row of that .npy file.',
      default: 1,
      min: 1,
      max: 1_000_000,
    },
  ],
  limits: { maxResultBytes: 16 * 1024 * 1024, maxMemoryBytes: 512 * 1024 * 1024, maxMs: 300_000 },
};
