import { manifests } from '@reckon/kernels/manifests';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { JobSummary, NetworkSummary } from '@reckon/protocol/wire/http';
import { nodesNeeded, policyName } from './policy-words.ts';

/** Why a job cannot be decided by the nodes that are online. */
export interface NodeLack {
  /** One sentence: who is there and who is needed. */
  words: string;
  /** Only browsers with WebGPU run the job's kernel. */
  webgpu: boolean;
}

/**
 * What a job waits for when fewer nodes are online that run its kernel than its verification needs; undefined when there
 * are enough.
 */
export function lackOfNodes(
  network: Pick<NetworkSummary, 'nodes' | 'kernels'>,
  job: Pick<JobSummary, 'policy' | 'kernel'>,
): NodeLack | undefined {
  const online = network.nodes.reduce((sum, group) => sum + group.online, 0);
  const able = network.kernels.find(({ kernel }) => kernel === job.kernel)?.online ?? 0;
  const needed = nodesNeeded(job.policy);
  if (able >= needed) return undefined;
  const backends = manifests.find((manifest) => kernelName(manifest) === job.kernel)?.backends ?? [];
  const webgpu = backends.length > 0 && backends.every((backend) => backend === 'webgpu');
  const why = webgpu ? ', which needs WebGPU' : '';
  const needs = needed === 1 ? '1 is needed' : `${needed} are needed`;
  const behind = `${needs} for ${policyName(job.policy)}.`;
  if (able === online) {
    const here = online === 1 ? '1 node is' : `${online === 0 ? 'no' : online} nodes are`;
    return { words: sentence(`${here} online and ${behind}${webgpu ? ` ${job.kernel} needs WebGPU.` : ''}`), webgpu };
  }
  const none = online === 1 ? `The 1 node online does not run` : `None of the ${online} nodes online runs`;
  const runs = able === 0 ? none : `${able} of the ${online} nodes online ${able === 1 ? 'runs' : 'run'}`;
  return { words: `${runs} ${job.kernel}${why}; ${behind}`, webgpu };
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What ends the lack, for somebody at a terminal. */
export const whatHelps = ({ webgpu }: NodeLack, url: string): string =>
  webgpu
    ? `Open ${url} in a browser with a GPU and press Start.`
    : `Open ${url} and press Start, or run "npx reckon node" beside this.`;
