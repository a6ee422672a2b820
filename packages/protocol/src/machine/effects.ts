import type { ErrorCode, ErrorDetails } from '../base/error-codes.ts';
import { ReckonError, toWire } from '../base/errors.ts';
import type { NodeId, WorkUnitId } from '../base/ids.ts';
import type { RelayMessage } from '../wire/messages.ts';
import type { ShardChange, ShardCommand, StepResult } from './commands.ts';

/** Collects what one step does; handlers share it. */
export interface Effects {
  commands: ShardCommand[];
  changes: ShardChange[];
  /** Accounts of which more is known than before: their waiting results may be accepted now (`machine/trust.ts`). */
  readonly review: Set<string>;
  /** Nodes that brought something wrong, with the code that says what, and the identity they had then. */
  readonly guilty: Map<NodeId, { code: ErrorCode; by: string | undefined }>;
}

export const createEffects = (): Effects => ({ commands: [], changes: [], review: new Set(), guilty: new Map() });

export const isEffects = (result: StepResult | Effects): result is Effects => 'review' in result;

export function send(effects: Effects, nodeId: NodeId, message: RelayMessage): void {
  effects.commands.push({ type: 'send', nodeId, message });
}

/** One offer a step is enough. */
export function offer(effects: Effects): void {
  if (!effects.commands.some((command) => command.type === 'offer')) effects.commands.push({ type: 'offer' });
}

export const ignore = (reason: string, commands: ShardCommand[] = []): StepResult => ({
  commands,
  changes: [],
  ignored: { reason },
});

/** Ignored, with the coded refusal its sender is owed. */
export function refuse<C extends ErrorCode>(code: C, details: ErrorDetails[C], workUnitId?: WorkUnitId): StepResult {
  const refusal = toWire(new ReckonError(code, details));
  const about = workUnitId === undefined ? {} : { workUnitId };
  return { commands: [], changes: [], ignored: { reason: code, refusal, ...about } };
}
