import type { Backend } from '@reckon/protocol/model/kernel-manifest';
import { gpuName } from '../gpu/device.ts';
import { keepsSubnormals } from './subnormals.ts';

/** What this machine can run kernels on. */
export interface Capabilities {
  /** In order of preference. */
  backends: Backend[];
  /** What to call the device: `WebGPU · SwiftShader`, `WASM SIMD`. */
  device: string;
  simd: boolean;
  /** Present, though no kernel whose results are compared uses it: its results depend on the machine. */
  relaxedSimd: boolean;
  /** Without it results that have floats are other bytes here than elsewhere. */
  subnormals: boolean;
  webgpu?: WebGpuCapabilities;
  /** Logical processors. */
  workers: number;
  /** Memory of the machine as far as the platform tells, else 4 GiB. */
  memoryMb: number;
}

export interface WebGpuCapabilities {
  vendor: string;
  architecture: string;
  /** A software adapter; used all the same. */
  fallback: boolean;
  packedDot: boolean;
  maxBufferSize: number;
  maxStorageBufferBindingSize: number;
  maxComputeWorkgroupStorageSize: number;
  maxComputeInvocationsPerWorkgroup: number;
}

/** i8x16.splat(0) and i8x16.popcnt: valid only with SIMD. After wasm-feature-detect (Apache-2.0). */
const SIMD = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
];
/** i8x16.relaxed_swizzle. After wasm-feature-detect (Apache-2.0). */
const RELAXED = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15,
  253, 128, 2, 11,
];

/** The navigator of a page or worker; Node has a smaller one, and `deviceMemory` is not in TypeScript's DOM. */
type AnyNavigator = Partial<Pick<Navigator, 'gpu' | 'hardwareConcurrency'>> & { deviceMemory?: number };

/** Never rejects: what cannot be found out is absent. Works in a page, a worker and Node. */
export async function probeCapabilities(): Promise<Capabilities> {
  const scope: { navigator?: AnyNavigator } = globalThis;
  const webgpu = await probeGpu(scope.navigator?.gpu).catch(() => undefined);
  const simd = WebAssembly.validate(Uint8Array.from(SIMD));
  return {
    backends: webgpu === undefined ? ['wasm'] : ['webgpu', 'wasm'],
    device: webgpu?.name ?? (simd ? 'WASM SIMD' : 'WASM'),
    simd,
    relaxedSimd: WebAssembly.validate(Uint8Array.from(RELAXED)),
    subnormals: await keepsSubnormals(),
    ...(webgpu && { webgpu: webgpu.capabilities }),
    workers: scope.navigator?.hardwareConcurrency ?? 1,
    memoryMb: (scope.navigator?.deviceMemory ?? 4) * 1024,
  };
}

async function probeGpu(gpu: GPU | undefined): Promise<{ name: string; capabilities: WebGpuCapabilities } | undefined> {
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!gpu || !adapter) return undefined;
  const { limits } = adapter;
  // Safari may leave out any field of it.
  const info: Partial<GPUAdapterInfo> = adapter.info ?? {};
  return {
    name: gpuName(info),
    capabilities: {
      vendor: info.vendor ?? '',
      architecture: info.architecture ?? '',
      fallback: info.isFallbackAdapter ?? false,
      packedDot: gpu.wgslLanguageFeatures?.has('packed_4x8_integer_dot_product') ?? false,
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  };
}
