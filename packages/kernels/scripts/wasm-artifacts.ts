import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { concat, toHex, toUtf8, u32be } from '@reckon/protocol/base/bytes';
import { sha256 } from '@reckon/protocol/base/hash';
import type { KernelDigest } from '@reckon/protocol/base/ids';
import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import { ABI_IMPORTS, INITIALIZE, INITIALIZE_TYPE } from '../src/guest/abi.ts';
import { canonicalise, FLOAT_SHAPES } from '../src/guest/canonical-nan.ts';
import { monteCarloShader } from '../src/kernels/monte-carlo/shader.ts';
import { nBodyShader } from '../src/kernels/n-body/shader.ts';
import { countRound, countTurn, ROUNDS, spanWgsl, workBudget } from '../src/kernels/custom-wgsl/span.ts';
import { tileTables } from '../src/kernels/render/reference.ts';
import { type SceneName, sceneNames } from '../src/kernels/render/scenes.ts';
import { tablesSource } from './monte-carlo-tables.ts';
import { gemmShaders } from '../src/gemm/gpu/shader.ts';
import { assembleGemm, isGemm } from './gemm/assemble.ts';

/** The modules built from `src/wasm/<name>.as.ts`, and those of `gemm/`. */
export const wasmNames = [
  'mandelbrot',
  'gemm',
  'gemm-relaxed',
  'freivalds',
  'monte-carlo',
  'hash-search',
  'n-body',
  'render',
] as const;
export type WasmName = (typeof wasmNames)[number];

const require = (specifier: string) => fileURLToPath(import.meta.resolve(specifier));

/** Compiles one module; AssemblyScript never with relaxed SIMD, whose results depend on the machine. */
export async function buildWasm(name: WasmName): Promise<Uint8Array> {
  if (isGemm(name)) return assembleGemm(name);
  const folder = await mkdtemp(join(tmpdir(), 'reckon-wasm-'));
  try {
    const out = join(folder, 'out.wasm');
    const asc = join(require('assemblyscript/asc'), '../../bin/asc.js');
    const source = fileURLToPath(new URL(`../src/wasm/${name}.as.ts`, import.meta.url));
    const flags = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--use', 'abort='];
    await promisify(execFile)(process.execPath, [asc, source, ...flags, '-o', out]);
    return Uint8Array.from(await readFile(out));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The TypeScript file that carries a module as base64, so that no bundler or runtime needs a loader for it. */
export function wasmSource(name: WasmName, bytes: Uint8Array): string {
  const base64 = Buffer.from(bytes)
    .toString('base64')
    .replace(/.{1,116}/g, "  '$&' +\n")
    .replace(/ \+\n$/, ';\n');
  return `// Written by scripts/build-wasm.ts from ${isGemm(name) ? 'scripts/gemm/' : `${name}.as.ts`}, ${bytes.length} bytes. Do not edit.\nexport const base64 =\n${base64}`;
}

/** A built-in scene as the kernel reads it, seen from its own camera. */
function sceneBytes(scene: SceneName): Uint8Array {
  const shot = { totalWidth: 1, totalHeight: 1, turn: 0, tilt: 0, zoom: 1, blur: 1 };
  return new Uint8Array(tileTables({ scene, ...shot }).buffer);
}

/** What a kernel's results depend on besides its manifest, by kernel id. */
async function codeOf(id: string): Promise<Uint8Array[]> {
  switch (id) {
    case 'mandelbrot':
      return [await buildWasm('mandelbrot')];
    case 'matmul-i8':
      return [await buildWasm('gemm'), await buildWasm('gemm-relaxed'), ...gemmShaders('i8').map(toUtf8)];
    case 'matmul-f32':
      return [await buildWasm('gemm'), await buildWasm('gemm-relaxed'), ...gemmShaders('f32').map(toUtf8)];
    case 'monte-carlo':
      return [await buildWasm('monte-carlo'), toUtf8(tablesSource()), toUtf8(monteCarloShader)];
    case 'hash-search':
      return [await buildWasm('hash-search')];
    case 'n-body':
      return [await buildWasm('n-body'), toUtf8(nBodyShader)];
    case 'custom-wasm':
      // What a program may call, and what is written behind its float instructions.
      return [
        toUtf8(JSON.stringify({ ...ABI_IMPORTS, [INITIALIZE]: INITIALIZE_TYPE })),
        ...FLOAT_SHAPES.map((shape) => Uint8Array.from(canonicalise(shape, 0))),
      ];
    case 'custom-wgsl':
      // What is put behind the requester's text, and into it.
      return [
        ...[1, 64, 256].map((threads) => spanWgsl(workBudget(threads))),
        countTurn(1),
        ROUNDS,
        countRound(1, 2),
      ].map((words) => toUtf8(words));
    case 'render':
      // The scenes are data of TypeScript's making.
      return [await buildWasm('render'), ...sceneNames.map(sceneBytes)];
    case 'onnx': {
      // The engine's own two binaries: WebAssembly alone, and with WebGPU.
      const files = ['ort-wasm-simd-threaded.wasm', 'ort-wasm-simd-threaded.asyncify.wasm'];
      return Promise.all(files.map((file) => readFile(require(`onnxruntime-web/${file}`))));
    }
    default:
      throw new Error(`No code is listed for kernel ${id}.`);
  }
}

/** SHA-256 over the manifest without its digest, then each piece of code, every part behind its u32 length. */
export async function digestOf(manifest: KernelManifest): Promise<KernelDigest> {
  const parts = [toUtf8(JSON.stringify({ ...manifest, digest: undefined })), ...(await codeOf(manifest.id))];
  return toHex(sha256(concat(...parts.flatMap((part) => [u32be(part.length), part])))) as KernelDigest;
}

export function digestsSource(digests: readonly { name: string; digest: KernelDigest }[]): string {
  const lines = digests.map(({ name, digest }) => `  '${name}': '${digest}' as KernelDigest,`);
  return `// Written by scripts/build-wasm.ts. Do not edit.
import type { KernelDigest } from '@reckon/protocol/base/ids';

export const kernelDigests = {
${lines.join('\n')}
} as const;
`;
}
