import { instantiate } from '../wasm/instantiate.ts';
import { createArena } from './arena.ts';
import type { GemmEngine, PlainExports, RelaxedExports } from './engine.ts';
import { createFasterOf } from './faster-of.ts';
import { answersRight } from './self-test.ts';

/** Plain SIMD128: the same bytes on every engine, floats too. */
export async function loadPlainGemm(): Promise<GemmEngine> {
  const { base64 } = await import('../wasm/gemm.wasm.ts');
  const wasm = await instantiate<PlainExports>(base64);
  return { wasm, relaxed: undefined, arena: createArena(wasm.memory), fullRange: createFasterOf(['i16']) };
}

/** The build with relaxed SIMD; undefined where the engine has none, or where its products of known operands are wrong. */
export async function loadRelaxedGemm(): Promise<GemmEngine | undefined> {
  const { base64 } = await import('../wasm/gemm-relaxed.wasm.ts');
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  if (!WebAssembly.validate(bytes)) return undefined;
  const relaxed = await instantiate<RelaxedExports>(base64);
  const engine: GemmEngine = {
    wasm: relaxed,
    relaxed,
    arena: createArena(relaxed.memory),
    fullRange: createFasterOf(['halves', 'i16']),
  };
  return answersRight(engine) ? engine : undefined;
}

let loaded: Promise<GemmEngine> | undefined;

/** The faster build that this engine runs rightly, made once. Its whole numbers are exact, its floats within their bound. */
export function loadGemm(): Promise<GemmEngine> {
  loaded ??= loadRelaxedGemm().then((engine) => engine ?? loadPlainGemm());
  return loaded;
}
