import { toHex } from '@reckon/protocol/base/bytes';
import type { Clock } from '@reckon/protocol/base/ports';
import { rootOfLog } from '@reckon/protocol/journal/log-tree';
import type { NodeRecord, Replica, ShardState } from '@reckon/protocol/machine/state';
import type { NetworkSummary } from '@reckon/protocol/wire/http';
import type { Coordinator } from './coordinator.ts';

const MINUTE_MS = 60_000;

function countHeld(node: NodeRecord, state: ShardState, isCounted: (replica: Replica) => boolean): number {
  let count = 0;
  for (const { jobId, index } of node.held.values()) {
    const unit = state.jobs.get(jobId)?.units[index];
    if (unit?.replicas.some((own) => own.nodeId === node.id && isCounted(own))) count++;
  }
  return count;
}

const leasedBy = (node: NodeRecord, state: ShardState): number =>
  countHeld(node, state, ({ status }) => status === 'leased');

/** Canaries that are not judged yet. */
function canariesHeld(state: ShardState): number {
  let count = 0;
  for (const node of state.nodes.values()) count += countHeld(node, state, ({ canary }) => canary === true);
  return count;
}

function groupNodes(state: ShardState): NetworkSummary['nodes'] {
  const groups = new Map<string, NetworkSummary['nodes'][number]>();
  for (const node of state.nodes.values()) {
    if (node.left !== undefined) continue;
    const { deviceClass } = node.capabilities;
    const key = `${node.kind} ${deviceClass}`;
    const group = groups.get(key) ?? { kind: node.kind, deviceClass, online: 0, busySlots: 0 };
    group.online++;
    group.busySlots += leasedBy(node, state);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function countByKernel(state: ShardState): NetworkSummary['kernels'] {
  const counts = new Map<string, number>();
  for (const { capabilities, left } of state.nodes.values()) {
    if (left !== undefined) continue;
    for (const name of new Set(capabilities.kernels.map((kernel) => kernel.name))) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return [...counts].map(([kernel, online]) => ({ kernel, online })).sort((a, b) => a.kernel.localeCompare(b.kernel));
}

/** The network's own measures of what its checks cost and found. */
export function trustOf(state: ShardState): NetworkSummary['trust'] {
  const { totals } = state;
  const { accepted, verified, disputed, canariesForged, caught, voided } = totals;
  const executions = totals.executions + totals.checkWork;
  // A node that saw the number grow with its own lease would know that it holds one.
  const canaries = totals.canaries - canariesHeld(state);
  return { accepted, verified, executions, disputed, canaries, canariesForged, caught, voided };
}

/** The network in figures, from hot state. Keeps a minute of samples for the rate. */
export function createNetworkView(
  coordinator: Coordinator,
  clock: Clock,
): { sample(): void; summary(): NetworkSummary } {
  const samples: { at: number; accepted: number }[] = [];
  function sample(): void {
    const at = clock.now();
    samples.push({ at, accepted: coordinator.state.totals.accepted });
    while (samples.length > 1 && (samples[1]?.at ?? at) <= at - MINUTE_MS) samples.shift();
  }
  sample();
  return {
    sample,
    summary() {
      const { state, log } = coordinator;
      const running = [...state.jobs.values()].filter((job) => job.status === 'running' || job.status === 'funded');
      const newest = state.epochs.at(-1);
      const posted = state.epochs.filter((epoch) => epoch.status === 'sealed').length;
      return {
        at: clock.now(),
        nodes: groupNodes(state),
        kernels: countByKernel(state),
        unitsAccepted: state.totals.accepted,
        unitsAcceptedLastMinute: state.totals.accepted - (samples[0]?.accepted ?? 0),
        resultsChecked: state.totals.checked,
        resultsDisagreed: state.totals.disagreed,
        jobsRunning: running.length,
        jobsCompleted: state.totals.completed,
        rewardsEarned: state.totals.earned,
        trust: trustOf(state),
        epoch: {
          number: state.lastEpoch,
          status: newest?.status ?? (state.lastEpoch === 0 ? 'open' : 'final'),
          lastPosted: state.lastEpoch - posted,
        },
        journal: { entries: log.size, root: toHex(rootOfLog(log)) },
      };
    },
  };
}
