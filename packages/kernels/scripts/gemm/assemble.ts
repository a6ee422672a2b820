import wabtModule from 'wabt';
import { plainModule, relaxedModule } from './module.ts';

const texts = { gemm: plainModule, 'gemm-relaxed': relaxedModule } as const;
export type GemmName = keyof typeof texts;

export const isGemm = (name: string): name is GemmName => Object.hasOwn(texts, name);

/** Assembles a module of matrix products: from generated text, not from AssemblyScript (docs/adr/0010). */
export async function assembleGemm(name: GemmName): Promise<Uint8Array> {
  const wabt = await wabtModule();
  const parsed = wabt.parseWat(`${name}.wat`, texts[name](), { simd: true, relaxed_simd: true });
  try {
    parsed.validate();
    return Uint8Array.from(parsed.toBinary({}).buffer);
  } finally {
    parsed.destroy();
  }
}
