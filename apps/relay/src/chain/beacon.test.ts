import { expect, test } from 'vitest';
import { createWorld } from '../../testing/world.ts';

test('the newest block’s hash is entered while there is work, at most every two seconds, and drawn with', async () => {
  const world = await createWorld();
  await world.beacon.poke();
  expect(world.coordinator.state.beaconBlock).toBe(0);
  await world.post();
  await world.beacon.poke();
  const head = await world.chain.head();
  expect(world.coordinator.state).toMatchObject({ beaconBlock: head.block, beacon: head.hash });
  const entries = world.journal.size;
  world.clock.time += 2000;
  await world.beacon.poke();
  expect(world.journal.size).toBe(entries);
  world.chain.fund(`0x${'12'.repeat(32)}` as never, 1n);
  await world.beacon.poke();
  expect(world.coordinator.state.beaconBlock).toBe(head.block + 1);
  world.chain.fund(`0x${'12'.repeat(32)}` as never, 1n);
  await world.beacon.poke();
  expect(world.coordinator.state.beaconBlock).toBe(head.block + 1);
  world.clock.time += 2000;
  await world.beacon.poke();
  expect(world.coordinator.state.beaconBlock).toBe(head.block + 2);
  const node = await world.join(1, 1);
  node.finish(await node.next('lease'), 'right');
  await node.next('stored');
  const texts = world.journal.entries.map((entry) => new TextDecoder().decode(entry));
  expect(JSON.parse(texts.find((text) => text.includes('replica.committed')) ?? '{}')).toMatchObject({
    beacon: (await world.chain.head()).hash,
  });
});

test('a chain that is away leaves the last beacon', async () => {
  const world = await createWorld();
  await world.post();
  await world.beacon.poke();
  const { beaconBlock } = world.coordinator.state;
  world.chain.down = true;
  world.clock.time += 5000;
  await world.beacon.poke();
  expect(world.coordinator.state.beaconBlock).toBe(beaconBlock);
  expect(world.failures).toEqual([]);
});
