import { expect, test } from 'vitest';
import { augment } from './augment.ts';
import { PIXELS } from './mnist.ts';
import { adamStep, createNetwork, type Network } from './network.ts';
import { seededRandom } from './random.ts';

const random = seededRandom(3);
const image = Float32Array.from({ length: PIXELS }, () => random.unit());
const loss = (network: Network, label: number): number => -Math.log(network.forward(image)[label] as number);

test.each(['conv1', 'bias1', 'conv2', 'bias2', 'dense1', 'bias3', 'dense2', 'bias4'] as const)(
  'the gradient of %s is the slope of the loss',
  (name) => {
    const network = createNetwork(seededRandom(5));
    network.forward(image);
    network.backward(4);
    const { value, grad } = network.parameters[name];
    // The steepest number: elsewhere a kink of relu or of the maximum may lie within the step.
    const at = grad.reduce((best, g, i) => (Math.abs(g) > Math.abs(grad[best] as number) ? i : best), 0);
    const step = 1e-3;
    const middle = value[at] as number;
    value[at] = middle + step;
    const above = loss(network, 4);
    value[at] = middle - step;
    const below = loss(network, 4);
    const slope = (above - below) / (2 * step);
    expect(Math.abs(slope - (grad[at] as number)) / Math.abs(slope)).toBeLessThan(0.03);
  },
);

test('steps of Adam lower the loss, and clear the gradients', () => {
  const network = createNetwork(seededRandom(7));
  const before = loss(network, 2);
  for (let step = 1; step <= 10; step++) {
    network.forward(image);
    network.backward(2);
    adamStep(network, 0.002, step, 1);
  }
  expect(loss(network, 2)).toBeLessThan(before / 2);
  expect(network.parameters.conv1.grad.every((g) => g === 0)).toBe(true);
});

test('the same seed makes the same network and the same changes of an image', () => {
  const make = () => {
    const seeded = seededRandom(11);
    const out = new Float32Array(PIXELS);
    const network = createNetwork(seeded);
    augment(image, out, seeded);
    return [network.parameters.dense1.value, out];
  };
  expect(make()).toEqual(make());
});
