import type { WorkUnitId } from '@reckon/protocol/base/ids';
import type { Millis } from '@reckon/protocol/base/units';
import type { Lease } from '@reckon/protocol/wire/messages';
import type { Found } from '@reckon/protocol/testing/shard-driver';
import { forgedAnswer, rightAnswer, treeOf } from './answers.ts';
import { drawPause } from './draws.ts';
import { perUnitMs } from './measures.ts';
import type { Deed } from './strategy.ts';
import type { Person, Volunteer, World } from './shared-world.ts';

/** Computing one unit and one ahead, as the real node does with one worker. */
const SLOTS = 2;
/** Who finds no work for so long leaves. */
const PATIENCE_MS = 180_000;
/** Until a sealed result's bytes are at the relay, beside the way there. */
const TRANSFER_MS = 20;

interface Held {
  readonly lease: Lease;
  readonly from: Millis;
}

/** One stranger's device: takes leases, computes them one after the other, seals, reveals, leaves. */
export function createVolunteer(world: World, person: Person): Volunteer {
  const { timeline, driver, measures, random } = world;
  const { nodeId, speed, latencyMs, strategy, gang } = person;
  const unitMs = perUnitMs(speed);
  let queue: Held[] = [];
  let current: Held | undefined;
  let brought = 0;
  let agreed = 0;
  let gone = false;
  let idleSince = timeline.now;

  const isCheck = ({ lease }: Held) => lease.chunks !== undefined;

  function start(): void {
    if (gone || current !== undefined || queue.length === 0) return;
    // Checks go first: others wait for them.
    const at = Math.max(0, queue.findIndex(isCheck));
    current = queue[at] as Held;
    queue.splice(at, 1);
    const begins = Math.max(timeline.now, current.from);
    if (isCheck(current)) startCheck(current, begins);
    else startUnit(current, begins);
  }

  function finish(held: Held, at: Millis, then: () => void): void {
    timeline.plan(at, () => {
      if (gone || current !== held) return;
      current = undefined;
      then();
      start();
    });
  }

  function startCheck(held: Held, begins: Millis): void {
    const { workUnitId, chunks = [] } = held.lease;
    const work = chunks.length / world.chunks;
    finish(held, begins + unitMs * work, () => {
      if (strategy?.check === 'never') return;
      const share = strategy?.check === 'confirm' ? gang.forged.get(workUnitId) : undefined;
      const told = strategy?.check === 'accuse' ? 1 : (share ?? 0);
      const tree = treeOf(world.chunks, told, gang.variant);
      timeline.plan(timeline.now + latencyMs, () => {
        measures.checkWork += work;
        if (strategy === undefined) measures.honestWork += work;
        if (tree !== undefined) driver.answer(nodeId, workUnitId, chunks, tree, timeline.now, random.u32());
        world.wantWork(volunteer);
      });
    });
  }

  function deedFor(lease: Lease): Deed {
    if (strategy === undefined) return {};
    const { workUnitId, leaseMs } = lease;
    const isOpen = world.isOpen(workUnitId);
    const computedBefore = world.revealed.has(workUnitId);
    return strategy.compute({ workUnitId, leaseMs, brought, agreed, gang, random, isOpen, computedBefore });
  }

  function startUnit(held: Held, begins: Millis): void {
    const deed = deedFor(held.lease);
    const took = unitMs * (deed.slow ?? 1) * (0.9 + 0.2 * random.fraction());
    if (brought === person.killedIn) {
      timeline.plan(begins + took * random.fraction(), () => leave('lost'));
      return;
    }
    finish(held, begins + took, () => {
      brought += 1;
      const { workUnitId } = held.lease;
      measures.results += 1;
      if (strategy === undefined) measures.honestWork += 1;
      timeline.plan(timeline.now + latencyMs, () => bring(workUnitId, deed));
      if (brought >= person.unitsEach) {
        queue = [];
        current = undefined;
        timeline.plan(timeline.now + 4 * latencyMs + TRANSFER_MS, () => leave('bye'));
      }
    });
  }

  function bring(workUnitId: WorkUnitId, deed: Deed): void {
    const { forge } = deed;
    const found: Found =
      forge === undefined ? rightAnswer(world.chunks) : forgedAnswer(world.chunks, forge, gang.variant);
    const result = driver.commit(nodeId, workUnitId, found, timeline.now);
    if (result.ignored === undefined) {
      if (forge === undefined) gang.right.add(workUnitId);
      else gang.forged.set(workUnitId, forge);
      if (deed.hide !== true) {
        timeline.plan(timeline.now + 2 * latencyMs + TRANSFER_MS, () => {
          world.revealed.add(workUnitId);
          driver.reveal(nodeId, workUnitId, timeline.now);
        });
      }
    }
    if (brought < person.unitsEach) world.wantWork(volunteer);
  }

  function leave(how: 'bye' | 'lost'): void {
    if (gone) return;
    gone = true;
    queue = [];
    current = undefined;
    world.left(volunteer);
    driver.step({ type: 'node.left', at: timeline.now, nodeId, how });
  }

  function revoke(workUnitId: WorkUnitId): void {
    queue = queue.filter(({ lease }) => lease.workUnitId !== workUnitId);
    if (current?.lease.workUnitId !== workUnitId) return;
    current = undefined;
    timeline.plan(timeline.now + latencyMs, () => {
      start();
      world.wantWork(volunteer);
    });
  }

  const volunteer: Volunteer = {
    person,
    receive(message) {
      if (message.type === 'verdict') {
        if (message.verdict === 'agreed') {
          agreed += 1;
          if (strategy === undefined) measures.honestPaid += 1;
        } else if (message.verdict === 'disagreed') {
          gang.forged.delete(message.workUnitId);
          if (strategy === undefined) measures.honestRejected += 1;
        }
      }
      if (gone) return;
      if (message.type === 'lease') {
        idleSince = timeline.now;
        queue.push({ lease: message, from: timeline.now + latencyMs });
        timeline.plan(timeline.now + latencyMs, start);
      } else if (message.type === 'revoked') {
        revoke(message.workUnitId);
      } else if (message.type === 'refused' && message.error.code === 'NODE_BARRED') {
        queue = [];
        timeline.plan(timeline.now + drawPause(random, 2 * latencyMs), () => {
          if (gone) return;
          leave('bye');
          if (strategy?.returns === true) world.arrive(strategy);
        });
      }
    },
    ask() {
      const holds = queue.length + (current === undefined ? 0 : 1);
      if (gone || holds >= SLOTS || brought >= person.unitsEach) return true;
      if (holds > 0) idleSince = timeline.now;
      if (timeline.now > idleSince + PATIENCE_MS) {
        leave('bye');
        return true;
      }
      const draw = random.u32();
      const asked = { type: 'node.asked' as const, at: timeline.now, nodeId, slots: SLOTS, draw, rttMs: 2 * latencyMs };
      return driver.step({ ...asked, rttMs: Math.round(asked.rttMs) }).ignored === undefined;
    },
  };
  return volunteer;
}
