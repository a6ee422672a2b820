import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Memory in use after a garbage collection. */
interface MemoryUse {
  /** JavaScript objects and array buffers. */
  heapBytes: number;
  /** WebAssembly memories that can still be reached; Node counts them nowhere. */
  wasmBytes: number;
}

/** Counts the memories that are made from now on. */
export interface MemoryWatch {
  use(): Promise<MemoryUse>;
  /** Puts the platform's functions back. */
  stop(): void;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

export function watchMemory(): MemoryWatch {
  // Node loads what is behind `fetch`, 2.6 MB, when anything first asks for a part of it; the test's surroundings do so
  // sooner or later, in one run of ten between two readings.
  new Response();
  const memories: WeakRef<WebAssembly.Memory>[] = [];
  const { Memory, instantiate } = WebAssembly;
  const note = (memory: unknown) => {
    if (memory instanceof Memory) memories.push(new WeakRef(memory));
  };
  WebAssembly.Memory = class extends Memory {
    constructor(wanted: WebAssembly.MemoryDescriptor) {
      super(wanted);
      note(this);
    }
  };
  WebAssembly.instantiate = (async (...args: Parameters<typeof instantiate>) => {
    const made = (await instantiate(...args)) as WebAssembly.Instance | WebAssembly.WebAssemblyInstantiatedSource;
    const { exports } = made instanceof WebAssembly.Instance ? made : made.instance;
    for (const exported of Object.values(exports)) note(exported);
    return made;
  }) as typeof instantiate;
  return {
    async use() {
      // Twice, a turn apart: what finalizers and settled promises let go of is found by the second.
      collect();
      await new Promise((resolve) => setImmediate(resolve));
      collect();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      const wasm = memories.map((ref) => ref.deref()?.buffer.byteLength ?? 0);
      return { heapBytes: heapUsed + arrayBuffers, wasmBytes: wasm.reduce((sum, bytes) => sum + bytes, 0) };
    },
    stop() {
      Object.assign(WebAssembly, { Memory, instantiate });
    },
  };
}
