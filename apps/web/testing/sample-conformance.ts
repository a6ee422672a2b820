import type { ConformanceGroup, ConformanceSummary } from '@reckon/protocol/wire/conformance';

const gpu = (vendor: string, architecture: string) => ({ vendor, architecture });
const group = (adapter: ConformanceGroup['adapter'], kernel: string, devices: number, wrong: number, bits: number) =>
  ({
    adapter,
    kernel,
    backend: adapter === null ? 'wasm' : 'webgpu',
    devices,
    mismatching: wrong,
    bitsDiffering: bits,
    maxRelativeError: kernel.startsWith('onnx') ? 0.031 : null,
  }) as const;

/** Sample reports: two kinds of GPU with differences among ten. */
export const conformance: ConformanceSummary = {
  devices: 318,
  mismatching: 4,
  since: 1_788_000_000_000,
  adapters: [
    { adapter: gpu('qualcomm', 'adreno-6xx'), devices: 12, mismatching: 3, bitsDiffering: 40_213 },
    { adapter: gpu('intel', 'gen-9'), devices: 31, mismatching: 1, bitsDiffering: 0 },
    { adapter: gpu('apple', 'metal-3'), devices: 121, mismatching: 0, bitsDiffering: 0 },
    { adapter: gpu('nvidia', 'ada'), devices: 64, mismatching: 0, bitsDiffering: 0 },
    { adapter: null, devices: 40, mismatching: 0, bitsDiffering: 0 },
    { adapter: gpu('amd', 'rdna-3'), devices: 22, mismatching: 0, bitsDiffering: 0 },
    { adapter: gpu('arm', 'valhall'), devices: 14, mismatching: 0, bitsDiffering: 0 },
    { adapter: gpu('', ''), devices: 9, mismatching: 0, bitsDiffering: 0 },
    { adapter: gpu('google', 'swiftshader'), devices: 3, mismatching: 0, bitsDiffering: 0 },
    { adapter: gpu('intel', 'xe-2lpg'), devices: 2, mismatching: 0, bitsDiffering: 0 },
  ],
  groups: [
    group(gpu('qualcomm', 'adreno-6xx'), 'monte-carlo@1.0.0', 12, 3, 40_213),
    group(gpu('intel', 'gen-9'), 'onnx@1.1.0', 8, 1, 412),
    group(gpu('apple', 'metal-3'), 'matmul-i8@1.1.0', 121, 0, 0),
  ],
};
