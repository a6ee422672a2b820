import type { BlockReason, NodeState, PauseReason } from './snapshot.ts';

/** What a node is about: pure, so that every way through it is tested and drawn. */
export interface NodeMachine {
  readonly state: NodeState;
  readonly reason: PauseReason | BlockReason | null;
  /** What the person wants. */
  readonly wish: 'off' | 'run' | 'finish' | 'pause';
  /** Why the device should rest, by policy; null when it need not. */
  readonly hold: PauseReason | null;
  readonly block: BlockReason | null;
  /** Whether the relay has said welcome. */
  readonly connected: boolean;
  /** Units computing now. */
  readonly computing: number;
  /** Units under lease and results not stored yet. */
  readonly open: number;
}

export type NodeEvent =
  | { type: 'start' }
  | { type: 'finish' }
  | { type: 'pause' }
  | { type: 'closed' }
  /** The policy's answer changed. */
  | { type: 'held'; reason: PauseReason | null }
  | { type: 'blocked'; reason: BlockReason }
  | { type: 'connected' }
  | { type: 'disconnected' }
  | { type: 'counted'; computing: number; open: number };

/** `open`: connect and stay connected. `drain`: ask for no more work. `stop`: abort units, say goodbye, disconnect. */
export type NodeCommand = 'open' | 'drain' | 'stop';

export interface NodeStep {
  machine: NodeMachine;
  commands: readonly NodeCommand[];
}

export const idleMachine: NodeMachine = {
  state: 'off',
  reason: null,
  wish: 'off',
  hold: null,
  block: null,
  connected: false,
  computing: 0,
  open: 0,
};

/** Whether a node in this state connects and computes. */
export const isActive = (state: NodeState): boolean =>
  state === 'starting' || state === 'waiting' || state === 'computing' || state === 'finishing';

type Facts = Omit<NodeMachine, 'state' | 'reason'>;

function stateOf(facts: Facts): Pick<NodeMachine, 'state' | 'reason'> {
  if (facts.wish === 'off') return { state: 'off', reason: null };
  if (facts.block !== null) return { state: 'blocked', reason: facts.block };
  if (facts.wish === 'pause') return { state: 'paused', reason: 'user' };
  if (facts.wish === 'finish' && facts.open === 0) return { state: 'paused', reason: 'finished' };
  if (facts.hold !== null) return { state: 'paused', reason: facts.hold };
  if (facts.wish === 'finish') return { state: 'finishing', reason: null };
  if (facts.computing > 0) return { state: 'computing', reason: null };
  return { state: facts.connected ? 'waiting' : 'starting', reason: null };
}

function apply(machine: NodeMachine, event: NodeEvent): Facts {
  switch (event.type) {
    case 'start':
      return { ...machine, wish: 'run', block: null };
    case 'finish':
      return machine.wish === 'run' ? { ...machine, wish: 'finish' } : machine;
    case 'pause':
      return machine.wish === 'off' ? machine : { ...machine, wish: 'pause' };
    case 'closed':
      return { ...machine, wish: 'off', block: null };
    case 'held':
      return { ...machine, hold: event.reason };
    case 'blocked':
      return { ...machine, block: event.reason };
    case 'connected':
      return { ...machine, connected: true };
    case 'disconnected':
      return { ...machine, connected: false };
    case 'counted':
      return { ...machine, computing: event.computing, open: event.open };
  }
}

/** Applies one event. Never reads a clock, never throws; an event that means nothing now changes nothing. */
export function stepNode(machine: NodeMachine, event: NodeEvent): NodeStep {
  const facts = apply(machine, event);
  const next: NodeMachine = { ...facts, ...stateOf(facts) };
  const commands: NodeCommand[] = [];
  if (!isActive(machine.state) && isActive(next.state)) commands.push('open');
  if (isActive(machine.state) && !isActive(next.state)) commands.push('stop');
  if (isActive(next.state) && machine.wish === 'run' && next.wish === 'finish') commands.push('drain');
  // Start pressed while finishing: work is wanted again, which opening anew announces.
  if (machine.state === 'finishing' && next.wish === 'run' && isActive(next.state)) commands.push('open');
  return { machine: next, commands };
}
