import { toUtf8 } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { ChunkRules, KernelImplementation, RunContext, RunOutput, UnitInput } from '../src/kernel.ts';
import { unknownKernel } from '../src/rules.ts';
import { hostileManifests } from './hostile-manifests.ts';

type Run = (input: UnitInput, context: RunContext) => Promise<RunOutput>;

/** Keeps what is allocated reachable. */
const hoard: unknown[] = [];
let units = 0;

const behaviours: Readonly<Record<string, Run>> = {
  async throws() {
    throw new TypeError('I cannot');
  },
  async refuses() {
    throw new ReckonError('TENSOR_SHAPE', { input: 'images', expected: '[N, 1, 28, 28]', received: '[3]' });
  },
  async hangs() {
    for (;;) hoard.length = 0;
  },
  async exits() {
    if (typeof process !== 'undefined') process.exit(7);
    throw new Error('only Node has an exit');
  },
  async 'grows-heap'() {
    for (let i = 0; ; i++) hoard.push({ i, text: `${i}`.repeat(20), list: [i, i + 1] });
  },
  async 'grows-buffers'() {
    for (;;) hoard.push(new Uint8Array(2 ** 24).fill(1));
  },
  async 'grows-wasm'() {
    const memory = new WebAssembly.Memory({ initial: 1 });
    hoard.push(memory);
    for (;;) memory.grow(256);
  },
  async 'too-large'() {
    return { bytes: new Uint8Array(1025), device: 'test' };
  },
  async lies() {
    return { bytes: new Uint8Array(1), device: ['WASM', 'SIMD'] as never };
  },
  async echo(input, context) {
    context.progress(0.5, { kind: 'text', text: 'half' });
    const blobs = [...input.blobs].map(([name, bytes]) => `${name}=${bytes.length}`);
    return { bytes: toUtf8(`${input.params} ${blobs.join(' ')} ${context.backend}`.trim()), device: 'test' };
  },
  // Tells how many units this thread has run, and what it sees of its process.
  async guest() {
    units++;
    const { env = {}, argv = [], execArgv = [] } = typeof process === 'undefined' ? {} : process;
    return {
      bytes: toUtf8(JSON.stringify({ units, env, arguments: [...argv.slice(2), ...execArgv] })),
      device: 'test',
    };
  },
  // Takes all the memory it is given, and tells how much that was.
  async 'greedy-guest'() {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
    hoard.push(memory);
    try {
      for (;;) memory.grow(16);
    } catch {
      return { bytes: toUtf8(`${memory.buffer.byteLength}`), device: 'test' };
    }
  },
  async 'gpu-only'(_, { backend }) {
    return { bytes: toUtf8(backend), device: 'test' };
  },
};

/** Loads a kernel of `hostileManifests`, in a worker of the tests. */
export async function loadHostileKernel(name: string): Promise<KernelImplementation> {
  const manifest = hostileManifests.find(({ id, version }) => `${id}@${version}` === name);
  const run = manifest && behaviours[manifest.id];
  if (manifest === undefined || run === undefined) throw unknownKernel(name);
  const chunks = chunked[manifest.id];
  return { manifest, run, ...(chunks && { chunks }) };
}

const chunksOf = (compute: ChunkRules['compute']): ChunkRules => ({
  count: () => 4,
  slice: (_, result) => result,
  compute,
});

/** Those that misbehave chunk by chunk too. */
const chunked: Readonly<Record<string, ChunkRules>> = {
  hangs: chunksOf(() => {
    for (;;) hoard.length = 0;
  }),
  'too-large': chunksOf(() => new Uint8Array(1025)),
  throws: chunksOf(() => {
    throw new TypeError('I cannot');
  }),
};
