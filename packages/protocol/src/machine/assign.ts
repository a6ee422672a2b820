import type { NodeId } from '../base/ids.ts';
import type { Job, ShardState } from './state.ts';

/** The units `node.asked` would lease to this node now, at most `slots` in all with those it holds. Pure; changes nothing. */
export function assign(_state: ShardState, _nodeId: NodeId, _slots: number, _draw: number): { job: Job; index: number }[] {
  throw new Error('being written');
}
