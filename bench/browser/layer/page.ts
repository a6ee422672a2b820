import { createPool } from '@reckon/kernels/engine/pool';
import { spawnBrowserWorker } from '@reckon/kernels/engine/worker-browser';
import { onnxManifest } from '@reckon/kernels/kernels/onnx/manifest';
import { encodeNpy } from '@reckon/kernels/tensor/npy';
import { type NamedPart, unpackParts } from '@reckon/protocol/base/named-parts';
import type { LayerCase, LayerRounds } from '../../src/kernels/layer-overhead.ts';

/** Measures, in this tab, units through the pool beside the same model in a worker of its own. */
async function measure({
  modelBase64,
  input: name,
  dims,
  output,
  rounds,
  each,
  warmMs,
}: LayerCase): Promise<LayerRounds> {
  const model = Uint8Array.fromBase64(modelBase64);
  const length = dims.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length }, (_, i) => ((i * 7919) % 256) / 255);
  const raw = new Worker(new URL('./raw-worker.ts', import.meta.url), { type: 'module' });
  const ask = <T>(message: unknown, transfer: Transferable[] = []): Promise<T> =>
    new Promise((resolve, reject) => {
      raw.onmessage = ({ data }) => resolve(data as T);
      raw.onerror = (event) => reject(new Error(event.message));
      raw.postMessage(message, transfer);
    });
  await ask({ model });
  const pool = createPool({ spawn: spawnBrowserWorker, size: 1 });
  const { signal } = new AbortController();
  const npy = encodeNpy({ dtype: 'float32', shape: dims, data: new Uint8Array(values.buffer) });
  const params = JSON.stringify({ rows: dims[0], outputs: [output] });
  let unit = 0;

  const rawUnit = (): Promise<Float32Array> => {
    const x = values.slice();
    return ask({ x, dims }, [x.buffer]);
  };
  const layerUnit = async (): Promise<Uint8Array> => {
    unit++;
    // As the node's unit runner does it: the model is the same blob for each unit, its rows are another.
    const blobs = new Map([
      ['model', model],
      [name, npy],
    ]);
    const digests = new Map([
      ['model', 'm'],
      [name, `x${unit}`],
    ]);
    const kernel = { kernel: 'onnx@1.1.0', digest: onnxManifest.digest };
    const input = { params, blobs, digests };
    return (await pool.run({ ...kernel, input, backends: ['wasm'], dutyCycle: 1 }, { signal })).bytes;
  };

  const expected = await rawUnit();
  const [part] = unpackParts(await layerUnit()) as [NamedPart];
  const got = new Float32Array(part.bytes.slice(-expected.byteLength).buffer);
  if (expected.some((value, i) => value !== got[i])) throw new Error('the two do not compute the same');

  const candidates = {
    raw: async () => timed(each, rawUnit),
    layer: async () => timed(each, layerUnit),
    alone: () => ask<number>({ alone: each, x: values, dims }).then((ms) => (1000 * ms) / each),
  };
  const names = ['raw', 'layer', 'alone'] as const;
  for (const name of names)
    for (const end = performance.now() + warmMs; performance.now() < end; ) await candidates[name]();
  const measured: LayerRounds = { raw: [], layer: [], alone: [] };
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(round + i) % names.length] as (typeof names)[number];
      measured[name].push(await candidates[name]());
    }
  }
  raw.terminate();
  pool.close();
  return measured;
}

/** µs of one of `count` in a row. */
async function timed(count: number, run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  for (let i = 0; i < count; i++) await run();
  return (1000 * (performance.now() - began)) / count;
}

Object.assign(window, { kernelBench: { measure } });
