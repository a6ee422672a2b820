/** Threads of a workgroup, and threads that share a block's paths. */
export const WORKGROUP = 64;
export const SLOTS = 256;
/** Words that a thread writes: payoffs in two, their squares in three, lowest first. */
export const OUT_WORDS = 5;

/**
 * The kernel in WGSL, which has no 64-bit numbers: products by 16-bit limbs, sums with carries, an average by quotients and
 * remainders. The thread (x, y) follows share x of the paths of block y; every number is that of the reference.
 */
export const monteCarloShader = /* wgsl */ `
struct Unit {
  key: vec4u,
  // The first path's group of words in 64 bits, its word in it, and the stream.
  group: vec2u, word: u32, stream: u32,
  problem: u32, threefry: u32, draws: u32, paths: u32,
  perBlock: u32, perThread: u32, put: u32, strike: u32,
  drift: i32, spread: u32,
}
@group(0) @binding(0) var<uniform> unit: Unit;
@group(0) @binding(1) var<storage, read> normals: array<vec4u, 256>;
@group(0) @binding(2) var<storage, read> powers: array<vec4u, 16>;
@group(0) @binding(3) var<storage, read_write> sums: array<u32>;

fn mulhi(a: u32, b: u32) -> u32 {
  let low = a & 0xffffu;
  let high = a >> 16u;
  let cross = low * (b >> 16u);
  let middle = ((low * (b & 0xffffu)) >> 16u) + (cross & 0xffffu) + high * (b & 0xffffu);
  return high * (b >> 16u) + (cross >> 16u) + (middle >> 16u);
}

fn philox(counter: vec4u) -> vec4u {
  var c = counter;
  var key = unit.key.xy;
  for (var round = 0u; round < 10u; round++) {
    c = vec4u(
      mulhi(c.z, 0xcd9e8d57u) ^ c.y ^ key.x, c.z * 0xcd9e8d57u,
      mulhi(c.x, 0xd2511f53u) ^ c.w ^ key.y, c.x * 0xd2511f53u);
    key += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}

const FIRST = array<u32, 8>(10u, 11u, 13u, 23u, 6u, 17u, 25u, 18u);
const SECOND = array<u32, 8>(26u, 21u, 27u, 5u, 20u, 11u, 10u, 20u);

fn rotate(x: u32, by: u32) -> u32 { return (x << by) | (x >> (32u - by)); }

fn threefry(counter: vec4u) -> vec4u {
  let k = unit.key;
  var keys = array<u32, 9>(k.x, k.y, k.z, k.w, 0x1bd11bdau ^ k.x ^ k.y ^ k.z ^ k.w, k.x, k.y, k.z, k.w);
  var first = FIRST;
  var second = SECOND;
  var x = counter + k;
  for (var round = 0u; round < 20u; round++) {
    let by = round % 8u;
    x = vec4u(x.x + x.y, x.y, x.z + x.w, x.w);
    // The words 1 and 3 have changed places for the next round.
    x = vec4u(x.x, rotate(x.w, second[by]) ^ x.z, x.z, rotate(x.y, first[by]) ^ x.x);
    if (round % 4u == 3u) {
      let turn = round / 4u + 1u;
      let begin = turn % 5u;
      x += vec4u(keys[begin], keys[begin + 1u], keys[begin + 2u], keys[begin + 3u] + turn);
    }
  }
  return x;
}

var<private> at: u32;
var<private> words: vec4u;

fn load() {
  let low = unit.group.x + (at >> 2u);
  let counter = vec4u(low, unit.group.y + select(0u, 1u, low < unit.group.x), unit.stream, 0u);
  if (unit.threefry == 1u) { words = threefry(counter); } else { words = philox(counter); }
}

fn next() -> u32 {
  if ((at & 3u) == 0u) { load(); }
  let word = words[at & 3u];
  at++;
  return word;
}

fn inQuarterCircle(x: u32, y: u32) -> u32 {
  let low = x * x;
  let sum = low + y * y;
  return select(0u, 1u, mulhi(x, x) + mulhi(y, y) + select(0u, 1u, sum < low) < 0x40000000u);
}

fn growth(word: u32) -> i32 {
  let v = (word << 1u) | 1u;
  let octave = countLeadingZeros(v);
  let leading = v << octave;
  let row = normals[octave * 8u + ((leading >> 28u) & 7u)];
  let t = leading << 4u;
  let size = row.x - min(row.x, mulhi(t, row.y - mulhi(t, row.z - mulhi(t, row.w))));
  let moved = i32((mulhi(size, unit.spread) + 1u) >> 1u);
  return unit.drift + select(moved, -moved, (word >> 31u) == 1u);
}

fn power(log: i32) -> u32 {
  let shifted = u32(log + 0x40000000);
  let row = powers[(shifted >> 23u) & 15u];
  let t = shifted << 9u;
  let mantissa = row.x + mulhi(t, row.y + mulhi(t, row.z + mulhi(t, row.w)));
  return ((mantissa >> (15u - (shifted >> 27u))) + 1u) >> 1u;
}

fn payoff() -> u32 {
  var log = 0i;
  var quotients = 0u;
  var remainders = 0u;
  for (var step = 0u; step < unit.draws; step++) {
    log = clamp(log + growth(next()), -0x40000000, 0x3fffffff);
    let price = power(log);
    quotients += price / unit.draws;
    remainders += price % unit.draws;
  }
  let average = quotients + (2u * remainders + unit.draws) / (2u * unit.draws);
  let up = select(average, unit.strike, unit.put == 1u);
  let down = select(unit.strike, average, unit.put == 1u);
  return up - min(up, down);
}

@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let block = id.y * unit.perBlock;
  let end = min(min(block + unit.perBlock, unit.paths), block + (id.x + 1u) * unit.perThread);
  var path = block + id.x * unit.perThread;
  at = unit.word + path * unit.draws;
  if ((at & 3u) != 0u) { load(); }
  var sum = vec2u();
  var squares = vec3u();
  for (; path < end; path++) {
    var value: u32;
    if (unit.problem == 0u) {
      let x = (next() >> 1u) | 1u;
      let y = (next() >> 1u) | 1u;
      value = inQuarterCircle(x, y);
    } else {
      value = payoff();
    }
    sum.x += value;
    sum.y += select(0u, 1u, sum.x < value);
    let low = value * value;
    squares.x += low;
    let high = mulhi(value, value) + select(0u, 1u, squares.x < low);
    squares.y += high;
    squares.z += select(0u, 1u, squares.y < high);
  }
  let out = (id.y * ${SLOTS}u + id.x) * ${OUT_WORDS}u;
  sums[out] = sum.x;
  sums[out + 1u] = sum.y;
  sums[out + 2u] = squares.x;
  sums[out + 3u] = squares.y;
  sums[out + 4u] = squares.z;
}
`;
