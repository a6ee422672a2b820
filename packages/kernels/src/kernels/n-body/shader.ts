import { COLUMNS } from './field.ts';

/** Threads of a workgroup, each with one target; and the bodies of a tile, which they fetch together. */
export const TILE = 256;
/** Bodies whose pull one workgroup adds up. */
export const SEGMENT = 64 * TILE;

/**
 * One target a thread, bodies in tiles that the workgroup shares (Nyland, Harris, Prins: "Fast N-Body Simulation with CUDA",
 * GPU Gems 3, ch. 31, 2007). Item i is target group i mod groups and segment ⌊i / groups⌋; it writes its share of the field,
 * which the caller adds up in f64. Sums are kept in groups so that no term is rounded often (tolerance.ts).
 */
export const nBodyShader = /* wgsl */ `
struct Unit { item: u32, groups: u32, bodies: u32, first: u32, softening2: f32 }
@group(0) @binding(0) var<uniform> unit: Unit;
// Whole tiles; those that only fill up have no mass.
@group(0) @binding(1) var<storage, read> bodies: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> field: array<f32>;
var<workgroup> tile: array<vec4f, ${TILE}>;

@compute @workgroup_size(${TILE})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let item = unit.item + workgroup.x;
  let segment = item / unit.groups;
  let here = unit.first + item % unit.groups * ${TILE}u + thread;
  // The last group may reach beyond the bodies; what it computes there is not read.
  let target_body = bodies[min(here, unit.bodies - 1u)];
  let end = min((segment + 1u) * ${SEGMENT}u, unit.bodies);
  var sum = vec4f();
  var pull = 0f;
  var j = segment * ${SEGMENT}u;
  while (j < end) {
    var eight_tiles = vec4f();
    var eight_tiles_pull = 0f;
    let stop = min(j + ${8 * TILE}u, end);
    while (j < stop) {
      tile[thread] = bodies[j + thread];
      workgroupBarrier();
      var whole = vec4f();
      var whole_pull = 0f;
      for (var part = 0u; part < ${TILE}u; part += 64u) {
        var groups = vec4f();
        var groups_pull = 0f;
        for (var group = part; group < part + 64u; group += 8u) {
          var eight = vec4f();
          var eight_pull = 0f;
          for (var k = group; k < group + 8u; k++) {
            let body = tile[k];
            let d = body.xyz - target_body.xyz;
            let inverse = inverseSqrt(dot(d, d) + unit.softening2);
            let w = select(body.w, 0f, j + k == here) * inverse;
            let q = w * inverse;
            eight += vec4f(q * inverse * d, -w);
            eight_pull += q;
          }
          groups += eight;
          groups_pull += eight_pull;
        }
        whole += groups;
        whole_pull += groups_pull;
      }
      eight_tiles += whole;
      eight_tiles_pull += whole_pull;
      workgroupBarrier();
      j += ${TILE}u;
    }
    sum += eight_tiles;
    pull += eight_tiles_pull;
  }
  let row = (item * ${TILE}u + thread) * ${COLUMNS}u;
  for (var c = 0u; c < 4u; c++) { field[row + c] = sum[c]; }
  field[row + 4u] = pull;
}
`;
