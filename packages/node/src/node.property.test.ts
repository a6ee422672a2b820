import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNodeWorld } from '../testing/node-world.ts';

const Mishap = fc.record({
  afterMs: fc.integer({ min: 1, max: 9_000 }),
  what: fc.constantFrom('cut', 'relay-down', 'relay-silent', 'pause', 'reload'),
});

test('whatever connections, reloads and pauses do: every result is stored once, none is sent twice on a connection', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(Mishap, { maxLength: 8 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 10, max: 6_000 }),
      async (mishaps, units, kernelMs) => {
        const world = await createNodeWorld();
        const { relay, time, until } = world;
        let { node } = world;
        world.kernel.ms = kernelMs;
        for (let index = 0; index < units; index++) relay.post(index, [new Uint8Array(70_000).fill(index)]);
        node.start();
        for (const { afterMs, what } of mishaps) {
          let over = false;
          time.after(afterMs, () => {
            over = true;
          });
          await until(() => over);
          if (what === 'cut') relay.cut();
          if (what === 'relay-down') relay.down = !relay.down;
          if (what === 'relay-silent') relay.confirms = !relay.confirms;
          if (what === 'pause') node.pause();
          if (what === 'pause') node.start();
          if (what === 'reload') {
            relay.cut();
            node.close();
            node = await world.reload();
            node.start();
          }
        }
        relay.down = false;
        relay.confirms = true;
        relay.cut(); // what a silent relay kept unconfirmed is sent again on the next connection
        await until(() => relay.stored.size === units);
        await world.settle();
        expect(relay.faults).toEqual([]);
        for (const [, count] of relay.commits) expect(count).toBe(1);
        expect(node.snapshot().totals.waiting).toBe(units);
        node.close();
      },
    ),
    { numRuns: 60 },
  );
});
