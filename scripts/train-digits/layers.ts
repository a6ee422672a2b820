/**
 * Layers over one sample, forward and backward. Inner loops run along rows without branches: planes that feed a
 * convolution carry a border of one zero pixel, so a 3×3 window never leaves them.
 */

/** Trainable numbers with their gradient sums and Adam's two moments. */
export interface Tensor {
  value: Float32Array;
  grad: Float32Array;
  mean: Float32Array;
  square: Float32Array;
}

export function tensor(length: number, fill: () => number): Tensor {
  const zeros = () => new Float32Array(length);
  return { value: zeros().map(fill), grad: zeros(), mean: zeros(), square: zeros() };
}

/** Size of one step: `channels` planes of `side`², into `filters` planes of the same side. */
export interface ConvShape {
  channels: number;
  filters: number;
  side: number;
}

/** out[f] = relu(bias[f] + Σ weight[f, c, ky, kx] · input[c] shifted); input planes have a border, output planes none. */
export function convForward(
  shape: ConvShape,
  weight: Tensor,
  bias: Tensor,
  input: Float32Array,
  out: Float32Array,
): void {
  const { channels, filters, side } = shape;
  const stride = side + 2;
  for (let f = 0; f < filters; f++) {
    const base = f * side * side;
    out.fill(bias.value[f] as number, base, base + side * side);
    for (let c = 0; c < channels; c++) {
      for (let k = 0; k < 9; k++) {
        const w = weight.value[(f * channels + c) * 9 + k] as number;
        const start = c * stride * stride + Math.floor(k / 3) * stride + (k % 3);
        for (let y = 0; y < side; y++) {
          const i = start + y * stride;
          const o = base + y * side;
          for (let x = 0; x < side; x++) out[o + x] = (out[o + x] as number) + w * (input[i + x] as number);
        }
      }
    }
  }
  for (let i = 0; i < out.length; i++) if ((out[i] as number) < 0) out[i] = 0;
}

/** Adds to the gradients of weight and bias, and to `inputGrad` (with border) when given. `grad` is already masked by relu. */
export function convBackward(
  shape: ConvShape,
  weight: Tensor,
  bias: Tensor,
  input: Float32Array,
  grad: Float32Array,
  inputGrad: Float32Array | undefined,
): void {
  const { channels, filters, side } = shape;
  const stride = side + 2;
  for (let f = 0; f < filters; f++) {
    const base = f * side * side;
    let total = 0;
    for (let i = base; i < base + side * side; i++) total += grad[i] as number;
    bias.grad[f] = (bias.grad[f] as number) + total;
    for (let c = 0; c < channels; c++) {
      for (let k = 0; k < 9; k++) {
        const at = (f * channels + c) * 9 + k;
        const w = weight.value[at] as number;
        const start = c * stride * stride + Math.floor(k / 3) * stride + (k % 3);
        let sum = 0;
        for (let y = 0; y < side; y++) {
          const i = start + y * stride;
          const o = base + y * side;
          for (let x = 0; x < side; x++) sum += (grad[o + x] as number) * (input[i + x] as number);
          if (inputGrad !== undefined) {
            for (let x = 0; x < side; x++)
              inputGrad[i + x] = (inputGrad[i + x] as number) + w * (grad[o + x] as number);
          }
        }
        weight.grad[at] = (weight.grad[at] as number) + sum;
      }
    }
  }
}

/** 2×2 maximum. `out` planes have a border of `pad`; `from` notes where each maximum came from. */
export function poolForward(
  planes: number,
  side: number,
  input: Float32Array,
  out: Float32Array,
  from: Uint32Array,
  pad: number,
): void {
  const half = side / 2;
  const stride = half + 2 * pad;
  for (let p = 0, n = 0; p < planes; p++) {
    for (let y = 0; y < half; y++) {
      for (let x = 0; x < half; x++, n++) {
        const corner = p * side * side + 2 * y * side + 2 * x;
        let best = corner;
        for (const other of [corner + 1, corner + side, corner + side + 1]) {
          if ((input[other] as number) > (input[best] as number)) best = other;
        }
        from[n] = best;
        out[(p * stride + y + pad) * stride + x + pad] = input[best] as number;
      }
    }
  }
}

/** Sends each gradient back to where the maximum was, unless relu had cut it. */
export function poolBackward(
  planes: number,
  side: number,
  input: Float32Array,
  grad: Float32Array,
  from: Uint32Array,
  pad: number,
  out: Float32Array,
): void {
  const half = side / 2;
  const stride = half + 2 * pad;
  out.fill(0);
  for (let p = 0, n = 0; p < planes; p++) {
    for (let y = 0; y < half; y++) {
      for (let x = 0; x < half; x++, n++) {
        const source = from[n] as number;
        if ((input[source] as number) > 0) out[source] = grad[(p * stride + y + pad) * stride + x + pad] as number;
      }
    }
  }
}

/** out = weight · input + bias; weight is [outputs, inputs]. */
export function denseForward(weight: Tensor, bias: Tensor, input: Float32Array, out: Float32Array): void {
  for (let o = 0; o < out.length; o++) {
    const row = o * input.length;
    let sum = bias.value[o] as number;
    for (let i = 0; i < input.length; i++) sum += (weight.value[row + i] as number) * (input[i] as number);
    out[o] = sum;
  }
}

/** Adds to the gradients of weight and bias; overwrites `inputGrad`. */
export function denseBackward(
  weight: Tensor,
  bias: Tensor,
  input: Float32Array,
  grad: Float32Array,
  inputGrad: Float32Array,
): void {
  inputGrad.fill(0);
  for (let o = 0; o < grad.length; o++) {
    const g = grad[o] as number;
    bias.grad[o] = (bias.grad[o] as number) + g;
    if (g === 0) continue;
    const row = o * input.length;
    for (let i = 0; i < input.length; i++) {
      weight.grad[row + i] = (weight.grad[row + i] as number) + g * (input[i] as number);
      inputGrad[i] = (inputGrad[i] as number) + g * (weight.value[row + i] as number);
    }
  }
}
