const PAGE_BYTES = 65_536;
/** The platform's own. */
const Unbounded = WebAssembly.Memory;
let pages = PAGE_BYTES;

class Bounded extends Unbounded {
  constructor(wanted: WebAssembly.MemoryDescriptor) {
    super({ ...wanted, maximum: Math.min(wanted.maximum ?? pages, pages) });
  }
}

/**
 * From now on no WebAssembly memory that this thread's JavaScript makes grows beyond `limitBytes`, whatever its maker asks for:
 * an engine such as onnxruntime asks for 4 GiB, and neither browsers nor Node count such memory against a worker. More than that
 * is refused as `memory.grow` refuses. A module that makes its own memory states its maximum itself, which `guest/` reads.
 */
export function boundMemories(limitBytes: number): void {
  pages = Math.floor(limitBytes / PAGE_BYTES);
  WebAssembly.Memory = Bounded;
}
