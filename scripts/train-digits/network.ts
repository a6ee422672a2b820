import {
  type ConvShape,
  convBackward,
  convForward,
  denseBackward,
  denseForward,
  poolBackward,
  poolForward,
  type Tensor,
  tensor,
} from './layers.ts';
import { PIXELS, SIDE } from './mnist.ts';
import type { SeededRandom } from './random.ts';

const FILTERS1 = 8;
const FILTERS2 = 16;
const HIDDEN = 64;
const CLASSES = 10;
const HALF = SIDE / 2;
const FLAT = FILTERS2 * (HALF / 2) ** 2;
const first: ConvShape = { channels: 1, filters: FILTERS1, side: SIDE };
const second: ConvShape = { channels: FILTERS1, filters: FILTERS2, side: HALF };

/** Conv 3×3 (8) · relu · pool · conv 3×3 (16) · relu · pool · dense 64 · relu · dense 10: 52,138 numbers. */
export interface Network {
  parameters: {
    conv1: Tensor;
    bias1: Tensor;
    conv2: Tensor;
    bias2: Tensor;
    dense1: Tensor;
    bias3: Tensor;
    dense2: Tensor;
    bias4: Tensor;
  };
  /** Class probabilities of one 28×28 image; the array is reused by the next call. */
  forward(image: Float32Array): Float32Array;
  /** After `forward`: adds the gradients of the cross entropy against `label`; returns that loss. */
  backward(label: number): number;
}

/** Starting weights after He et al. 2015, https://arxiv.org/abs/1502.01852: normal with variance 2 / inputs. */
export function createNetwork(random: SeededRandom): Network {
  const he = (length: number, inputs: number) => tensor(length, () => random.normal() * Math.sqrt(2 / inputs));
  const zero = (length: number) => tensor(length, () => 0);
  const p = {
    conv1: he(FILTERS1 * 9, 9),
    bias1: zero(FILTERS1),
    conv2: he(FILTERS2 * FILTERS1 * 9, FILTERS1 * 9),
    bias2: zero(FILTERS2),
    dense1: he(HIDDEN * FLAT, FLAT),
    bias3: zero(HIDDEN),
    dense2: he(CLASSES * HIDDEN, HIDDEN),
    bias4: zero(CLASSES),
  };
  const input = new Float32Array((SIDE + 2) ** 2);
  const a1 = new Float32Array(FILTERS1 * PIXELS);
  const p1 = new Float32Array(FILTERS1 * (HALF + 2) ** 2);
  const from1 = new Uint32Array(FILTERS1 * HALF ** 2);
  const a2 = new Float32Array(FILTERS2 * HALF ** 2);
  const flat = new Float32Array(FLAT);
  const from2 = new Uint32Array(FLAT);
  const hidden = new Float32Array(HIDDEN);
  const out = new Float32Array(CLASSES);
  const [gOut, gHidden, gFlat] = [new Float32Array(CLASSES), new Float32Array(HIDDEN), new Float32Array(FLAT)];
  const [gA2, gP1, gA1] = [new Float32Array(a2.length), new Float32Array(p1.length), new Float32Array(a1.length)];
  return {
    parameters: p,
    forward(image) {
      for (let y = 0; y < SIDE; y++) input.set(image.subarray(y * SIDE, (y + 1) * SIDE), (y + 1) * (SIDE + 2) + 1);
      convForward(first, p.conv1, p.bias1, input, a1);
      poolForward(FILTERS1, SIDE, a1, p1, from1, 1);
      convForward(second, p.conv2, p.bias2, p1, a2);
      poolForward(FILTERS2, HALF, a2, flat, from2, 0);
      denseForward(p.dense1, p.bias3, flat, hidden);
      for (let i = 0; i < HIDDEN; i++) hidden[i] = Math.max(0, hidden[i] as number);
      denseForward(p.dense2, p.bias4, hidden, out);
      const top = Math.max(...out);
      let sum = 0;
      for (let i = 0; i < CLASSES; i++) {
        out[i] = Math.exp((out[i] as number) - top);
        sum += out[i] as number;
      }
      for (let i = 0; i < CLASSES; i++) out[i] = (out[i] as number) / sum;
      return out;
    },
    backward(label) {
      gOut.set(out);
      gOut[label] = (gOut[label] as number) - 1;
      denseBackward(p.dense2, p.bias4, hidden, gOut, gHidden);
      for (let i = 0; i < HIDDEN; i++) if (hidden[i] === 0) gHidden[i] = 0;
      denseBackward(p.dense1, p.bias3, flat, gHidden, gFlat);
      poolBackward(FILTERS2, HALF, a2, gFlat, from2, 0, gA2);
      gP1.fill(0);
      convBackward(second, p.conv2, p.bias2, p1, gA2, gP1);
      poolBackward(FILTERS1, SIDE, a1, gP1, from1, 1, gA1);
      convBackward(first, p.conv1, p.bias1, input, gA1, undefined);
      return -Math.log(Math.max(1e-12, out[label] as number));
    },
  };
}

/** One step of Adam (Kingma and Ba 2014, https://arxiv.org/abs/1412.6980), then clears the gradients. `step` starts at 1. */
export function adamStep(network: Network, rate: number, step: number, batch: number): void {
  const fix1 = 1 - 0.9 ** step;
  const fix2 = 1 - 0.999 ** step;
  for (const { value, grad, mean, square } of Object.values(network.parameters)) {
    for (let i = 0; i < value.length; i++) {
      const g = (grad[i] as number) / batch;
      const m = 0.9 * (mean[i] as number) + 0.1 * g;
      const s = 0.999 * (square[i] as number) + 0.001 * g * g;
      mean[i] = m;
      square[i] = s;
      value[i] = (value[i] as number) - (rate * (m / fix1)) / (Math.sqrt(s / fix2) + 1e-8);
      grad[i] = 0;
    }
  }
}
