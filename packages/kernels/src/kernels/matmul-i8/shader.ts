/** Threads along each side of a workgroup. */
export const WORKGROUP = 8;

/**
 * C = A · B in WGSL: A packed four int8 to a u32 along k, B packed the same way by columns. Shapes are uniforms, so one
 * pipeline serves all sizes; `dot4I8Packed` cannot overflow and i32 sums wrap alike everywhere, so the result is exact.
 */
export const matmulShader = /* wgsl */ `requires packed_4x8_integer_dot_product;

struct Shape { rows: u32, columns: u32, words: u32, first: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> a: array<u32>;
@group(0) @binding(2) var<storage, read> b: array<u32>;
@group(0) @binding(3) var<storage, read_write> c: array<i32>;

@compute @workgroup_size(${WORKGROUP}, ${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let row = shape.first + id.y;
  if (row >= shape.rows || column >= shape.columns) { return; }
  var sum = 0i;
  for (var w = 0u; w < shape.words; w++) {
    sum += dot4I8Packed(a[row * shape.words + w], b[column * shape.words + w]);
  }
  c[row * shape.columns + column] = sum;
}
`;
