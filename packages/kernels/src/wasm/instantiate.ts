/** A module built from `<name>.as.ts`: its memory and the functions it exports. */
export type WasmExports<F> = F & { memory: WebAssembly.Memory };

const PAGE = 65_536;

/** Compiles a base64 module. */
export async function instantiate<F>(base64: string): Promise<WasmExports<F>> {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(bytes, {});
  return instance.exports as WasmExports<F>;
}

/** Grows `memory` to at least `bytes`. @throws {RangeError} when the platform has no more. */
export function reserve(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (missing > 0) memory.grow(missing);
}
