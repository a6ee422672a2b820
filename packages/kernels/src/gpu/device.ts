import { ReckonError } from '@reckon/protocol/base/errors';
import { yieldToMessages } from '../engine/yield.ts';
import type { LimitName } from './limits.ts';

/** A device to use until it is lost. */
export interface GpuLease {
  device: GPUDevice;
  /** Counts devices; work begun on one generation never continues on the next. */
  generation: number;
  /** `WebGPU · SwiftShader`. */
  name: string;
  /** Class of adapter, as far as it tells: what measurements of it are kept under. */
  vendor: string;
  architecture: string;
  /** What its WGSL knows beyond the core, as `packed_4x8_integer_dot_product`. */
  language: ReadonlySet<string>;
  /** Aborted with DEVICE_LOST when the device is lost. */
  lost: AbortSignal;
}

export interface Gpu {
  /** No more GPU work in this session. */
  readonly barred: boolean;
  /** Told of every loss, with whether the GPU is barred from now on. */
  onLost: ((reason: string, barred: boolean) => void) | undefined;
  /** The device, created once however many ask. @throws {ReckonError} DEVICE_UNSUPPORTED, or DEVICE_LOST when barred. */
  acquire(): Promise<GpuLease>;
  /** Runs `work`; rejects with DEVICE_LOST as soon as the lease's device is lost, even when `work` then never ends. */
  guard<T>(lease: GpuLease, work: () => Promise<T>): Promise<T>;
}

export interface GpuPlatform {
  gpu: (Pick<GPU, 'requestAdapter'> & Partial<Pick<GPU, 'wgslLanguageFeatures'>>) | undefined;
  /**
   * Windows resets the driver after about two seconds of GPU silence, and stops the whole machine after several resets
   * within a minute (TDR), so one loss ends GPU work there for the session.
   */
  windows: boolean;
}

/** Limits worth more than the guaranteed minimum. */
const LIMITS: readonly LimitName[] = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBuffersPerShaderStage',
];
const FEATURES = ['shader-f16', 'subgroups'] as const;

export function createGpu(platform: GpuPlatform): Gpu {
  let current: Promise<GpuLease> | undefined;
  let generation = 0;
  let barred = false;

  async function create(): Promise<GpuLease> {
    const adapter = await platform.gpu?.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) throw new ReckonError('DEVICE_UNSUPPORTED', { missing: 'WebGPU' });
    const device = await adapter.requestDevice({
      requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])),
    });
    const loss = new AbortController();
    // Safari may leave out any field of it.
    const info: Partial<GPUAdapterInfo> = adapter.info ?? {};
    const lease: GpuLease = {
      device,
      generation: ++generation,
      name: gpuName(info),
      vendor: info.vendor ?? '',
      architecture: info.architecture ?? '',
      language: platform.gpu?.wgslLanguageFeatures ?? new Set(),
      lost: loss.signal,
    };
    void device.lost.then((info) => {
      const reason = info.message || info.reason || 'unknown';
      current = undefined;
      barred ||= platform.windows;
      loss.abort(new ReckonError('DEVICE_LOST', { reason }));
      gpu.onLost?.(reason, barred);
    });
    return lease;
  }

  const gpu: Gpu = {
    get barred() {
      return barred;
    },
    onLost: undefined,
    async acquire() {
      if (barred) throw new ReckonError('DEVICE_LOST', { reason: 'it was lost before in this session' });
      current ??= create().catch((error: unknown) => {
        current = undefined;
        throw error;
      });
      return current;
    },
    async guard({ lost }, work) {
      let fail: () => void = () => undefined;
      const loss = new Promise<never>((_, reject) => {
        fail = () => reject(lost.reason);
      });
      lost.addEventListener('abort', fail);
      try {
        lost.throwIfAborted();
        const result = await Promise.race([work(), loss]);
        // A lost device may answer with an empty buffer before its loss is announced; the announcement is a turn away.
        await yieldToMessages();
        lost.throwIfAborted();
        return result;
      } finally {
        lost.removeEventListener('abort', fail);
      }
    },
  };
  return gpu;
}

/** Safari may leave out any field. */
export function gpuName(info: Partial<GPUAdapterInfo> | undefined): string {
  const name = info?.description || info?.architecture || info?.vendor || 'GPU';
  return `WebGPU · ${name === 'swiftshader' ? 'SwiftShader' : name}`;
}

const scope: { navigator?: Partial<Pick<Navigator, 'gpu' | 'userAgent'>> } = globalThis;

/** The one device of this thread. */
export const gpu: Gpu = createGpu({
  gpu: scope.navigator?.gpu,
  windows: /Windows/.test(scope.navigator?.userAgent ?? ''),
});
