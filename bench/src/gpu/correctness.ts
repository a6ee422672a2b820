import { concat } from '@reckon/protocol/base/bytes';
import { unitOf } from '@reckon/kernels/conformance/case';
import { monteCarloConformance } from '@reckon/kernels/conformance/cases/monte-carlo';
import { compareBits } from '@reckon/kernels/conformance/compare';
import { referenceOf } from '@reckon/kernels/conformance/reference';
import { planName } from '@reckon/kernels/gemm/gpu/plan';
import { GEMM_PLANS } from '@reckon/kernels/gemm/gpu/plans';
import type { GpuLease } from '@reckon/kernels/gpu/device';
import { readUnit } from '@reckon/kernels/kernels/monte-carlo/params';
import { encodeRecord } from '@reckon/kernels/kernels/monte-carlo/record';
import { sumOnGpu } from '@reckon/kernels/kernels/monte-carlo/webgpu';
import { compareFloats, compareI8, edgeShapes } from '@reckon/kernels/testing/gemm-cases';

/** How WGSL kernels compare with their references on one device. */
export interface WgslCorrectness {
  /** `WebGPU · SwiftShader`. */
  device: string;
  /** Over every integer case: int8 products by every plan, and random paths. 0 is right. */
  wgslIntegerBitsDiffering: number;
  integerCases: number;
  /** Whether every element of every float product lies within 2·k·u·(|A||B|), by every plan; f16 where the device has it. */
  wgslFloatsWithinBound: boolean;
  /** The largest error as a share of its bound. */
  wgslFloatWorstOfBound: number;
  floatCases: number;
  /** Cases that failed, by name; empty when all is right. */
  wrong: string[];
}

/** Runs all cases; some half a minute on a software device, where compiling each plan takes a second. */
export async function measureWgslCorrectness(lease: GpuLease): Promise<WgslCorrectness> {
  const wrong: string[] = [];
  let [bits, integerCases, worst, floatCases] = [0, 0, 0, 0];
  const integer = (name: string, differing: number) => {
    integerCases++;
    bits += differing;
    if (differing > 0) wrong.push(`${name}: ${differing} bits`);
  };
  const float = (name: string, ofBound: number) => {
    floatCases++;
    worst = Math.max(worst, ofBound);
    if (ofBound > 1) wrong.push(`${name}: ${ofBound} of the bound`);
  };

  const packedDot = lease.language.has('packed_4x8_integer_dot_product');
  const half = lease.device.features.has('shader-f16');
  for (const plan of GEMM_PLANS) {
    for (const shape of edgeShapes(plan)) {
      const name = (precision: string) => `${precision} ${Object.values(shape).join('×')} by ${planName(plan)}`;
      if (packedDot) integer(name('i8'), (await compareI8(lease, shape, plan)).bitsDiffering);
      float(name('f32'), (await compareFloats(lease, shape, plan)).worstOfBound);
      if (half) float(name('f16'), (await compareFloats(lease, shape, plan, 'f16')).worstOfBound);
    }
  }
  for (const kase of monteCarloConformance.cases) {
    const input = await unitOf(monteCarloConformance, kase);
    const context = { backend: 'webgpu', signal: new AbortController().signal, progress: () => undefined } as const;
    const records = await sumOnGpu(lease, readUnit(input.params), context);
    const expected = await referenceOf(monteCarloConformance, input);
    integer(kase.name, compareBits(concat(...records.map(encodeRecord)), expected).bitsDiffering);
  }
  return {
    device: lease.name,
    wgslIntegerBitsDiffering: bits,
    integerCases,
    wgslFloatsWithinBound: worst <= 1,
    wgslFloatWorstOfBound: worst,
    floatCases,
    wrong,
  };
}
