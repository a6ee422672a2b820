import { expect, test } from 'vitest';
import type { UnitInput } from '../kernel.ts';
import { createReceiver, digestsOf, sendBlobs } from './unit-blobs.ts';

const unit = (blobs: Record<string, Uint8Array>, digests: Record<string, string>): UnitInput => ({
  params: 'p',
  blobs: new Map(Object.entries(blobs)),
  digests: new Map(Object.entries(digests)),
});
const none: ReadonlySet<string> = new Set();
const model = Uint8Array.of(1, 2, 3);

test('a blob with a digest is copied once, and only named to a worker that holds it', () => {
  const first = sendBlobs(unit({ model, x: Uint8Array.of(4) }, { model: 'm', x: 'a' }), none);
  expect(first).toEqual([
    { name: 'model', digest: 'm', bytes: model },
    { name: 'x', digest: 'a', bytes: Uint8Array.of(4) },
  ]);
  expect(first[0]?.bytes).not.toBe(model);
  const second = sendBlobs(unit({ model, x: Uint8Array.of(5) }, { model: 'm', x: 'b' }), digestsOf(first));
  expect(second).toEqual([
    { name: 'model', digest: 'm' },
    { name: 'x', digest: 'b', bytes: Uint8Array.of(5) },
  ]);
  expect(digestsOf(second)).toEqual(new Set(['m', 'b']));
});

test('a blob without a digest is moved as it is when it owns its buffer, and copied when it is a part of one', () => {
  const [whole] = sendBlobs({ params: '', blobs: new Map([['x', model]]) }, none);
  expect(whole?.bytes).toBe(model);
  const part = model.subarray(1);
  const [copy] = sendBlobs({ params: '', blobs: new Map([['x', part]]) }, none);
  expect(copy).toEqual({ name: 'x', bytes: part });
  expect(copy?.bytes?.buffer).not.toBe(model.buffer);
});

test('a worker finds the blobs of its last unit again, by whatever name, and none of an earlier one', () => {
  const receive = createReceiver();
  const kernel = 'onnx@1.1.0';
  receive({ kernel, params: '1', blobs: [{ name: 'model', digest: 'm', bytes: model }] });
  const again = receive({ kernel, params: '2', blobs: [{ name: 'weights', digest: 'm' }] });
  expect(again).toEqual({ params: '2', blobs: new Map([['weights', model]]), digests: new Map([['weights', 'm']]) });
  receive({ kernel, params: '3', blobs: [{ name: 'x', bytes: model }] });
  expect(() => receive({ kernel, params: '4', blobs: [{ name: 'model', digest: 'm' }] })).toThrow(/"model"/);
});
