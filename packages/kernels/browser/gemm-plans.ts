import { planName } from '../src/gemm/gpu/plan.ts';
import { GEMM_PLANS } from '../src/gemm/gpu/plans.ts';
import { gemmShader } from '../src/gemm/gpu/shader.ts';
import { gpu } from '../src/gpu/device.ts';
import { computePipeline } from '../src/gpu/pipelines.ts';
import { compareFloats, edgeShapes } from '../testing/gemm-cases.ts';

/** See `PageApi`. All plans are compiled at once, since that is what takes a software GPU its time. */
export async function compareProducts(): Promise<[plan: string, worstOfBound: number][]> {
  const lease = await gpu.acquire();
  const shaders = GEMM_PLANS.map((plan) => ({
    name: planName(plan),
    code: gemmShader(plan, 'f32'),
    entryPoint: 'main',
  }));
  await Promise.all(shaders.map((shader) => computePipeline(lease.device, shader)));
  const worst: [string, number][] = [];
  for (const plan of GEMM_PLANS) {
    const compared = [];
    for (const shape of edgeShapes(plan)) compared.push((await compareFloats(lease, shape, plan)).worstOfBound);
    worst.push([planName(plan), Math.max(...compared)]);
  }
  return worst;
}
