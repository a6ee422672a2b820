import { blockOf, type GemmPlan, GROUP } from './plan.ts';
import { shaderBody } from './shader-body.ts';
import { packShader } from './pack-columns.ts';
import { GEMM_PLANS } from './plans.ts';
import type { Precision } from './shape.ts';

/** What differs between precisions: types, and c + a · b for one word of A and a vector of B. */
const KINDS: Readonly<Record<Precision, { head: string; word: string; sum: string; mac: string }>> = {
  f32: { head: '', word: 'f32', sum: 'f32', mac: 'fma(vec4(a), b, c)' },
  f16: { head: 'enable f16;\n', word: 'f16', sum: 'f32', mac: 'fma(vec4(f32(a)), vec4f(b), c)' },
  i8: {
    head: 'requires packed_4x8_integer_dot_product;\n',
    word: 'u32',
    sum: 'i32',
    mac: 'c + vec4(dot4I8Packed(a, b.x), dot4I8Packed(a, b.y), dot4I8Packed(a, b.z), dot4I8Packed(a, b.w))',
  },
};

/**
 * The WGSL of a plan. Shapes are uniforms, so one pipeline serves all sizes; sums are taken in a fixed order, without
 * atomics. Integer sums are exact; float ones lie within K·u·(|A||B|) of the product, whatever the device fuses.
 */
export function gemmShader(plan: GemmPlan, precision: Precision): string {
  const { head, word, sum, mac } = KINDS[precision];
  const { rows, vectors } = blockOf(plan);
  const [x, y] = plan.threads;
  return `${head}alias Word = ${word};
alias Words = vec4<Word>;
alias Sums = vec4<${sum}>;
struct Shape { rows: u32, k4: u32, n4: u32, first: u32, rowBlocks: u32, columnBlocks: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> a: array<Words>;
@group(0) @binding(2) var<storage, read> b: array<Words>;
@group(0) @binding(3) var<storage, read_write> c: array<Sums>;

fn mac(a: Word, b: Words, c: Sums) -> Sums { return ${mac}; }

// The first row and vector of columns of a block. ${GROUP} blocks of rows take turns with the same columns.
fn originOf(block: u32) -> vec2u {
  let perGroup = ${GROUP}u * shape.columnBlocks;
  let group = (block / perGroup) * ${GROUP}u;
  let high = min(shape.rowBlocks - group, ${GROUP}u);
  let within = block % perGroup;
  return vec2u((group + within % high) * ${rows}u, (within / high) * ${vectors}u);
}
${declarations(plan)}
@compute @workgroup_size(${x}, ${y})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let origin = originOf(shape.first + group.x);
${shaderBody(plan)}
}
`;
}

function declarations(plan: GemmPlan): string {
  const { rows, vectors } = blockOf(plan);
  switch (plan.algorithm) {
    case 'direct':
      return '';
    case 'shared':
      return `
var<workgroup> blockA: array<Words, ${(rows * plan.depth) / 4}>;
var<workgroup> blockB: array<Words, ${plan.depth * vectors}>;
`;
    case 'split-k':
      return `
var<workgroup> parts: array<Sums, ${plan.threads[0] * plan.threads[1] * plan.rows}>;
`;
  }
}

/** All shaders that may compute a product of this precision: what its results can depend on. */
export const gemmShaders = (precision: Precision): string[] => [
  ...GEMM_PLANS.map((plan) => gemmShader(plan, precision)),
  ...(precision === 'i8' ? [packShader] : []),
];
