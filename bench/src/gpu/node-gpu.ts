import { softwareAdapters } from '@reckon/kernels/testing/software-gpu';
import { createGpu, type GpuLease } from '@reckon/kernels/gpu/device';

/** A GPU for Node by Dawn (the `webgpu` package), or why there is none. */
export type NodeGpu = { lease: GpuLease; software: boolean } | { skipped: string };

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

/**
 * Opens Dawn and puts it where browsers have it, since the peers look for `navigator.gpu` and a window. With `software` it
 * is SwiftShader, which says nothing about speed and shows that everything runs.
 */
export async function openNodeGpu(software: boolean): Promise<NodeGpu> {
  const adapters = software ? await softwareAdapters() : await dawn();
  if (typeof adapters === 'string') return { skipped: adapters };
  const adapter = await adapters.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) return { skipped: 'Dawn finds no GPU adapter on this machine' };
  const { info } = adapter;
  const isSoftware = info.isFallbackAdapter || SOFTWARE.test(`${info.architecture} ${info.description} ${info.device}`);
  if (isSoftware && !software) {
    return {
      skipped: `the only adapter is software (${info.description || info.architecture}); --software runs tiny sizes on it`,
    };
  }
  Object.defineProperty(globalThis.navigator, 'gpu', { value: adapters, configurable: true });
  const scope = globalThis as { window?: unknown; self?: unknown };
  scope.window ??= globalThis;
  scope.self ??= globalThis;
  return { lease: await createGpu({ gpu: adapters, windows: false }).acquire(), software: isSoftware };
}

async function dawn(): Promise<GPU | string> {
  try {
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    return create([]);
  } catch (error) {
    return `Dawn does not load: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`;
  }
}
