// For each point: how far the nearest lamp is, and how much light all of them give it.
struct Params {
  reach: f32,
  lamps: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> points: array<vec2f>;
@group(0) @binding(2) var<storage, read> lamps: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> nearest: array<f32>;
@group(0) @binding(4) var<storage, read_write> light: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  // The host counts through a unit's rows in dispatches: `span` says where this one begins.
  if (id.x >= span.count) { return; }
  let row = span.first + id.x;
  let point = points[row];
  var least = 1e30;
  var sum = 0.0;
  for (var i = 0u; i < params.lamps; i++) {
    let away = length(point - lamps[i]) / params.reach;
    least = min(least, away);
    sum += 1.0 / (1.0 + away * away);
  }
  nearest[row] = least * params.reach;
  light[row] = sum;
}
