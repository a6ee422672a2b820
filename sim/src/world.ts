import { toHex, u32be } from '@reckon/protocol/base/bytes';
import { sha256 } from '@reckon/protocol/base/hash';
import type { NodeId } from '@reckon/protocol/base/ids';
import { findUnit } from '@reckon/protocol/machine/replica';
import { secretCommitment } from '@reckon/protocol/trust/beacon';
import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import { createDriver } from '@reckon/protocol/testing/shard-driver';
import { funded, nodeAt, opened, posted, secretAt } from '@reckon/protocol/testing/shard-world';
import { treeOf } from './answers.ts';
import { drawLatencyMs, drawPause, drawSpeed } from './draws.ts';
import { createGang, type Gang } from './gang.ts';
import { joining } from './joining.ts';
import { type Measures, newMeasures, noteOpened, perUnitMs } from './measures.ts';
import type { Strategy } from './strategy.ts';
import { createTimeline } from './timeline.ts';
import type { Person, Volunteer, World } from './shared-world.ts';
import { createVolunteer } from './volunteer.ts';
import type { WorldOptions } from './world-options.ts';

const TICK_MS = 1_000;
const BEACON_MS = 12_000;
/** Newcomers replace who left after this long on average. */
const REPLACED_MS = 1_000;
const FIRST_ARRIVALS_MS = 5_000;
const OFFER_MS = 20;
/** An offer is passed on until so many in a row found nothing for them. */
const EMPTY_ASKS = 24;
const KILLED_WITHIN = 20;
/** Virtual time after which a run that is not done is given up: an hour, and a second for each unit. */
const giveUpMs = (units: number): number => 3_600_000 + 1000 * units;

/** A world that is run by `runWorld`: real rules, virtual time, strangers. The same seed gives the same run. */
export function createWorld(options: WorldOptions): World & { run(): Measures } {
  const { scheme, churn } = options;
  const random = createSeededRandom(options.seed);
  const timeline = createTimeline();
  const measures = newMeasures();
  const people = new Map<NodeId, Volunteer>();
  const hungry = new Set<Volunteer>();
  const everybody = createGang(0);
  let lone: Gang | undefined;
  let serial = 0;
  let block = 0;
  let honestPower = 0;
  let powerSince = 0;
  let offered = false;

  const isHonest = (nodeId: NodeId) => people.get(nodeId)?.person.strategy === undefined;
  const opening = opened({ trust: { ...opened().trust, ...scheme.trust } });
  const truth = treeOf(scheme.chunks);
  const driver = createDriver({
    opening,
    ...(truth === undefined ? {} : { truthOf: () => truth }),
    onSend: (nodeId, message) => people.get(nodeId)?.receive(message),
    onEvent(event, result) {
      options.onEvent?.(event, result);
      noteOpened(measures, event, result, (id) => findUnit(driver.state, id)?.unit, isHonest);
      if (event.type === 'unit.refereed' && result.ignored === undefined) measures.refereeWork += 1 / scheme.chunks;
      if (result.commands.some((command) => command.type === 'offer')) offer();
    },
  });

  function offer(): void {
    if (offered) return;
    offered = true;
    timeline.plan(timeline.now + OFFER_MS, () => {
      offered = false;
      passOn();
    });
  }

  function passOn(): void {
    let empty = 0;
    for (const volunteer of [...hungry]) {
      hungry.delete(volunteer);
      empty = world.wantWork(volunteer) ? 0 : empty + 1;
      if (empty >= EMPTY_ASKS) return;
    }
  }

  function changePower(by: number): void {
    measures.capacity += honestPower * (timeline.now - powerSince);
    powerSince = timeline.now;
    honestPower += by;
  }

  function gangOf(strategy: Strategy | undefined): Gang {
    if (strategy?.gang === 'all') return everybody;
    if (strategy?.gang === 'pair' && lone !== undefined) {
      const pair = lone;
      lone = undefined;
      return pair;
    }
    const gang = createGang(serial + 1);
    if (strategy?.gang === 'pair') lone = gang;
    return gang;
  }

  function stranger(wanted: Strategy | undefined): Person {
    serial += 1;
    const strategy = wanted ?? (random.fraction() < options.saboteurs ? options.strategy : undefined);
    return {
      nodeId: nodeAt(serial),
      speed: drawSpeed(random),
      latencyMs: drawLatencyMs(random),
      strategy,
      gang: gangOf(strategy),
      unitsEach: churn.unitsEach,
      killedIn: random.fraction() < churn.killed ? random.below(KILLED_WITHIN) : undefined,
    };
  }

  const powerOf = ({ speed, strategy }: Person) => (strategy === undefined ? 1 / perUnitMs(speed) : 0);

  function isDone(): boolean {
    for (const job of driver.state.jobs.values()) if (job.status !== 'completed') return false;
    return true;
  }

  function every(ms: number, run: () => void): void {
    const again = () => {
      run();
      timeline.plan(timeline.now + ms, again);
    };
    timeline.plan(timeline.now + ms, again);
  }

  function seal(): void {
    const epoch = driver.state.lastEpoch + 1;
    driver.step({
      type: 'epoch.sealed',
      at: timeline.now,
      epoch,
      journalRoot: options.journalRoot?.() ?? toHex(sha256(u32be(epoch))),
      secret: toHex(secretAt(epoch)),
      nextCommitment: toHex(secretCommitment(secretAt(epoch + 1))),
    });
  }

  function postJobs(): void {
    const size = options.jobUnits ?? options.units;
    for (let first = 0, salt = 1; first < options.units; first += size, salt++) {
      const units = Math.min(size, options.units - first);
      const { policy, kernel } = scheme;
      const job = posted({ units, policy, kernel, leaseMs: 120_000, salt, expiresAt: 1e9 });
      driver.step(job);
      driver.step(funded(job));
    }
  }

  const world: World & { run(): Measures } = {
    options,
    timeline,
    random,
    driver,
    measures,
    chunks: scheme.chunks,
    revealed: new Set(),
    isOpen: (workUnitId) => findUnit(driver.state, workUnitId)?.unit.canonical !== undefined,
    wantWork(volunteer) {
      const got = volunteer.ask();
      if (!got) hungry.add(volunteer);
      return got;
    },
    left(volunteer) {
      hungry.delete(volunteer);
      changePower(-powerOf(volunteer.person));
      const { strategy } = volunteer.person;
      const returns = strategy?.returns === true && driverBarred(volunteer.person.nodeId);
      if (!returns) timeline.plan(timeline.now + drawPause(random, REPLACED_MS), () => world.arrive());
    },
    arrive(strategy) {
      const person = stranger(strategy);
      const volunteer = createVolunteer(world, person);
      people.set(person.nodeId, volunteer);
      measures.identities += 1;
      changePower(powerOf(person));
      for (const event of joining(person.nodeId, serial, timeline.now, random, options.wallets === true)) {
        driver.step(event);
      }
      world.wantWork(volunteer);
    },
    run() {
      postJobs();
      for (let i = 0; i < options.volunteers; i++) {
        timeline.plan(random.fraction() * FIRST_ARRIVALS_MS, () => world.arrive());
      }
      every(TICK_MS, () => {
        driver.step({ type: 'clock.ticked', at: timeline.now, draw: random.u32() });
        passOn();
      });
      every(BEACON_MS, () => {
        block += 1;
        driver.step({ type: 'beacon.seen', at: timeline.now, block, hash: toHex(sha256(u32be(block))) });
      });
      if (options.sealEveryMs !== undefined) every(options.sealEveryMs, seal);
      while (!isDone() && timeline.now < giveUpMs(options.units)) timeline.next();
      changePower(0);
      if (options.sealEveryMs !== undefined) seal();
      const { totals } = driver.state;
      measures.completed = isDone();
      measures.makespanMs = timeline.now;
      measures.caught = totals.caught;
      measures.canaries = totals.canaries;
      measures.canariesForged = totals.canariesForged;
      for (const job of driver.state.jobs.values()) measures.failed += job.counts.failed;
      return measures;
    },
  };

  const driverBarred = (nodeId: NodeId): boolean => driver.state.identities.get(nodeId)?.caughtAt !== undefined;
  return world;
}

export const runWorld = (options: WorldOptions): Measures => createWorld(options).run();
