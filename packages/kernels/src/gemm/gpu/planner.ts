import { ReckonError } from '@reckon/protocol/base/errors';
import type { GpuLease } from '../../gpu/device.ts';
import { dispatchNeeds, type Limits, storageNeeds, unmet, workgroupNeeds } from '../../gpu/limits.ts';
import { blockOf, type GemmPlan, GROUP, planName, sharedBytes } from './plan.ts';
import { GEMM_PLANS } from './plans.ts';
import type { Layout } from './shape.ts';

/** What a plan may ask of a device. */
export interface GemmDevice {
  limits: Limits;
  features: ReadonlySet<string>;
  language: ReadonlySet<string>;
  vendor: string;
  architecture: string;
}

export const deviceFacts = ({ device, language, vendor, architecture }: GpuLease): GemmDevice => ({
  limits: device.limits,
  features: device.features,
  language,
  vendor,
  architecture,
});

/** Blocks of C that a plan computes one after the other, and how they lie. */
export function blocksOf(plan: GemmPlan, { m, n4 }: Layout): { rows: number; columns: number; total: number } {
  const block = blockOf(plan);
  const [rows, columns] = [Math.ceil(m / block.rows), Math.ceil(n4 / block.vectors)];
  return { rows, columns, total: rows * columns };
}

/** The first row and vector of columns of a block: the shader's `originOf`. */
export function originOf(plan: GemmPlan, layout: Layout, block: number): { row: number; vector: number } {
  const { rows, columns } = blocksOf(plan, layout);
  const perGroup = GROUP * columns;
  const group = Math.floor(block / perGroup) * GROUP;
  const high = Math.min(rows - group, GROUP);
  const within = block % perGroup;
  const of = blockOf(plan);
  return { row: (group + (within % high)) * of.rows, vector: Math.floor(within / high) * of.vectors };
}

/** What the product itself lacks on the device, whatever the plan. @throws {ReckonError} DEVICE_UNSUPPORTED */
function checkProduct(layout: Layout, device: GemmDevice): void {
  const lack = (missing: string) => new ReckonError('DEVICE_UNSUPPORTED', { missing });
  if (layout.precision === 'f16' && !device.features.has('shader-f16')) throw lack('16-bit floats in WebGPU');
  if (layout.precision === 'i8' && !device.language.has('packed_4x8_integer_dot_product')) {
    throw lack('packed int8 dot products in WebGPU');
  }
  const buffers = { A: layout.leftBytes, B: layout.rightBytes, C: layout.outBytes };
  const needs = Object.entries(buffers).flatMap(([name, bytes]) => storageNeeds(name, bytes));
  // B of int8 is packed by a thread for every vector of words.
  if (layout.precision === 'i8') needs.push(...dispatchNeeds('columns of int8', [4 * layout.k4]));
  const need = unmet(device.limits, needs);
  if (need)
    throw lack(`a GPU whose ${need.limit} is ${need.value}, for ${need.of}; it is ${device.limits[need.limit]} here`);
  // Indexes are u32, and a dispatch is numbered along one axis.
  if (Math.max(layout.leftBytes, layout.rightBytes, layout.outBytes) / 8 >= 2 ** 32)
    throw lack('64-bit indexes in WebGPU');
}

/** Whether the plan's workgroups fit the device. Says nothing about speed. */
const fits = (plan: GemmPlan, { precision }: Layout, { limits }: GemmDevice): boolean =>
  unmet(limits, workgroupNeeds(planName(plan), plan.threads, sharedBytes(plan, precision))) === undefined;

/**
 * The plans that can compute this product here, likeliest first. With `forced` only that one.
 * @throws {ReckonError} DEVICE_UNSUPPORTED that names the feature or limit, when there is none.
 */
export function usablePlans(layout: Layout, device: GemmDevice, forced?: GemmPlan): GemmPlan[] {
  checkProduct(layout, device);
  const usable = (forced ? [forced] : GEMM_PLANS.filter((plan) => isSensible(plan, device))).filter((plan) =>
    fits(plan, layout, device),
  );
  if (usable.length === 0) {
    const what = forced ? `the plan ${planName(forced)}` : 'any plan of a product';
    throw new ReckonError('DEVICE_UNSUPPORTED', { missing: `a GPU whose workgroups fit ${what}` });
  }
  const order = usable.toSorted((a, b) => expectedCost(a, layout, device) - expectedCost(b, layout, device));
  // Elsewhere shared k may be faster, which a tuning finds out; as a guess it can be many times too slow.
  const first = (plan: GemmPlan) => plan.algorithm !== 'split-k' || isNarrow(layout);
  return [...order.filter(first), ...order.filter((plan) => !first(plan))];
}

/** Rows or columns of a product that is little more than a matrix times a vector. */
const NARROW = 8;
const isNarrow = ({ m, n }: Layout): boolean => Math.min(m, n) <= NARROW;

/** A processor that plays a GPU has no threads to keep busy, and pays for every barrier. */
const isSoftware = ({ vendor, architecture }: GemmDevice): boolean =>
  architecture === 'swiftshader' || vendor === 'google';
const isSensible = (plan: GemmPlan, device: GemmDevice): boolean => plan.algorithm !== 'split-k' || !isSoftware(device);

/** Threads that keep most GPUs busy. */
const BUSY_THREADS = 16_384;

/**
 * What a useful multiplication may cost by this plan, in no unit: a guess for products nobody has measured, and for which
 * plans are worth measuring. Work on padding counts, so do loads per multiplication and threads that a large GPU misses.
 */
export function expectedCost(plan: GemmPlan, layout: Layout, device: GemmDevice): number {
  const { m, n } = layout;
  const { vendor } = device;
  const block = blockOf(plan);
  const { total } = blocksOf(plan, layout);
  const padding = (total * block.rows * block.vectors * 4) / (m * n);
  const threads = total * plan.threads[0] * plan.threads[1];
  const idle = Math.max(1, BUSY_THREADS / threads) ** 0.75;
  // Values fetched from buffers for each multiplication: a block's rows and columns share theirs only by shared memory.
  const [rows, columns] = plan.algorithm === 'split-k' ? [plan.rows, 4] : plan.tile;
  const registers = 1 / rows + 1 / columns;
  const buffers = plan.algorithm === 'shared' ? 1 / block.rows + 1 / (block.vectors * 4) : registers;
  // SwiftShader's barriers are dear. Apple's caches serve threads well, and large register tiles spill there.
  const barrier = plan.algorithm === 'direct' ? 0 : isSoftware(device) ? 3 : 0.1;
  const spill = rows * columns > 32 && vendor === 'apple' ? 0.3 : 0;
  const cached = vendor === 'apple' ? 0.5 : 1;
  return padding * idle * (1 + registers + 2 * cached * buffers + barrier + spill);
}
