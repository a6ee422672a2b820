import { ReckonError } from '@reckon/protocol/base/errors';
import { yieldToMessages } from '../engine/yield.ts';

/** A device to use until it is lost. */
export interface GpuLease {
  device: GPUDevice;
  /** Counts devices; work begun on one generation never continues on the next. */
  generation: number;
  /** `WebGPU · SwiftShader`. */
  name: string;
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
  gpu: Pick<GPU, 'requestAdapter'> | undefined;
  /**
   * Windows resets the driver after about two seconds of GPU silence, and stops the whole machine after several resets
   * within a minute (TDR), so one loss ends GPU work there for the session.
   */
  windows: boolean;
}

/** Limits worth more than the guaranteed minimum. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBuffersPerShaderStage',
] as const;
const FEATURES = ['shader-f16', 'subgroups'] as const;

export function createGpu(platform: GpuPlatform): Gpu {
  let current: Promise<GpuLease> | undefined;
  let generation = 0;
  let barred = false;
  /** Runs on each device, to be told of its loss: `device.lost` itself would gather a listener for every run. */
  const running = new WeakMap<GPUDevice, Set<(loss: ReckonError) => void>>();
  const lost = new WeakMap<GPUDevice, ReckonError>();

  async function create(): Promise<GpuLease> {
    const adapter = await platform.gpu?.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) throw new ReckonError('DEVICE_UNSUPPORTED', { missing: 'WebGPU' });
    const device = await adapter.requestDevice({
      requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])),
    });
    running.set(device, new Set());
    const lease = { device, generation: ++generation, name: gpuName(adapter.info) };
    void device.lost.then((info) => {
      const reason = info.message || info.reason || 'unknown';
      const loss = new ReckonError('DEVICE_LOST', { reason });
      lost.set(device, loss);
      current = undefined;
      barred ||= platform.windows;
      for (const fail of running.get(device) ?? []) fail(loss);
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
    async guard({ device }, work) {
      let fail: (loss: ReckonError) => void = () => undefined;
      const loss = new Promise<never>((_, reject) => {
        fail = reject;
      });
      running.get(device)?.add(fail);
      try {
        const result = await Promise.race([work(), loss]);
        // A lost device may answer with an empty buffer before its loss is announced; the announcement is a turn away.
        await yieldToMessages();
        const known = lost.get(device);
        if (known !== undefined) throw known;
        return result;
      } finally {
        running.get(device)?.delete(fail);
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
