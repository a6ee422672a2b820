import fc from 'fast-check';
import { expect, test } from 'vitest';
import { idleMachine, isActive, type NodeCommand, type NodeEvent, type NodeMachine, stepNode } from './node-machine.ts';

const run = (...events: NodeEvent[]): NodeMachine =>
  events.reduce((machine, event) => stepNode(machine, event).machine, idleMachine);

const start: NodeEvent = { type: 'start' };
const connected: NodeEvent = { type: 'connected' };
const busy: NodeEvent = { type: 'counted', computing: 1, open: 2 };
const done: NodeEvent = { type: 'counted', computing: 0, open: 0 };

test('the way through a day: off, starting, waiting, computing, finishing, paused', () => {
  expect(run().state).toBe('off');
  expect(run(start).state).toBe('starting');
  expect(run(start, connected).state).toBe('waiting');
  expect(run(start, connected, busy).state).toBe('computing');
  expect(run(start, connected, busy, { type: 'finish' }).state).toBe('finishing');
  expect(run(start, connected, busy, { type: 'finish' }, done)).toMatchObject({ state: 'paused', reason: 'finished' });
});

test('a lost connection does not stop what is computing', () => {
  expect(run(start, connected, busy, { type: 'disconnected' }).state).toBe('computing');
  expect(run(start, connected, { type: 'disconnected' }).state).toBe('starting');
});

test('a person outranks the policy, and the policy lets go by itself', () => {
  const held = [start, connected, { type: 'held', reason: 'on-battery' }] as const;
  expect(run(...held)).toMatchObject({ state: 'paused', reason: 'on-battery' });
  expect(run(...held, { type: 'pause' })).toMatchObject({ state: 'paused', reason: 'user' });
  expect(run(...held, { type: 'held', reason: null }).state).toBe('waiting');
});

test('a block stays until start is pressed again', () => {
  const blocked = [start, { type: 'blocked', reason: 'no-consent' }] as const;
  expect(run(...blocked, connected)).toMatchObject({ state: 'blocked', reason: 'no-consent' });
  expect(run(...blocked, start).state).toBe('starting');
});

const anyEvent: fc.Arbitrary<NodeEvent> = fc.oneof(
  fc.constantFrom<NodeEvent>(start, connected, busy, done),
  fc.constantFrom<NodeEvent>({ type: 'finish' }, { type: 'pause' }, { type: 'closed' }, { type: 'disconnected' }),
  fc.constantFrom<NodeEvent>({ type: 'held', reason: 'hidden' }, { type: 'held', reason: null }),
  fc.constantFrom<NodeEvent>({ type: 'blocked', reason: 'refused' }),
);

test('after any events, it is open exactly when it was told to open and not since to stop', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      let machine = idleMachine;
      const told: NodeCommand[] = [];
      for (const event of events) {
        const step = stepNode(machine, event);
        machine = step.machine;
        told.push(...step.commands.filter((command) => command !== 'drain'));
        expect(told.at(-1) === 'open').toBe(isActive(machine.state));
      }
    }),
  );
});

test('a reason is given in paused and blocked and nowhere else', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      const { state, reason } = run(...events);
      expect(reason !== null).toBe(state === 'paused' || state === 'blocked');
    }),
  );
});
