import { parseArgs } from 'node:util';
import { JobId } from '@reckon/protocol/base/ids';
import { tryParse } from '@reckon/protocol/base/parse';
import type { JobSummary, NetworkSummary, RelayConfig } from '@reckon/protocol/wire/http';
import { formatAmount } from '../../amount.ts';
import { policyName, verdictCounts, verdictWords } from '../../policy-words.ts';
import { createRelayClient } from '../../relay-client.ts';
import type { Command } from '../command.ts';
import { progressLine } from '../terminal.ts';
import { DEFAULT_RELAY, parsed, parseUrl, usage } from '../usage.ts';

const options = { relay: { type: 'string' } } as const;

/** `reckon status [jobId]`: the network and its newest jobs, or one job. */
export const status: Command = async (args, { env, terminal }) => {
  const { values, positionals } = parsed('status', () => parseArgs({ args, options, allowPositionals: true }));
  if (positionals.length > 1) return usage('Give one job id, or none: reckon status [jobId]');
  const [given] = positionals;
  const id = given === undefined ? undefined : tryParse(JobId, given);
  if (id?.ok === false) return usage(`A job id is 0x and 64 hex digits: ${given?.slice(0, 80)}`);
  const relay = createRelayClient(parseUrl(values.relay ?? env['RECKON_RELAY'] ?? DEFAULT_RELAY, '--relay'));
  const config = await relay.config();
  if (id === undefined) {
    const [network, jobs] = await Promise.all([relay.network(), relay.jobs({ limit: 10 })]);
    const online = network.nodes.map(({ kind, deviceClass, online }) => `${online} ${kind} (${deviceClass})`);
    return {
      json: { relay: relay.baseUrl, network, jobs },
      lines: [
        `${relay.baseUrl}: nodes online: ${online.join(', ') || 'none'}`,
        `${network.unitsAccepted} units accepted, ${network.jobsRunning} jobs running, ${network.jobsCompleted} completed, epoch ${network.epoch.number} ${network.epoch.status}`,
        trustLine(network),
        ...jobs.map((job) => jobLine(job, config)),
      ],
    };
  }
  const [job, { cells }] = await Promise.all([relay.job(id.value), relay.jobCells(id.value)]);
  const { units } = job.units.accepted === 0 ? { units: [] } : await relay.bundle(id.value);
  return {
    json: { relay: relay.baseUrl, job, verified: verdictCounts(units) },
    lines: [
      progressLine({ job, cells }, terminal.columns),
      jobLine(job, config),
      `verification: ${policyName(job.policy)}; so far ${verdictWords(units) || 'no unit'}`,
    ],
  };
};

function trustLine({ trust }: NetworkSummary): string {
  const { accepted, verified, executions, caught } = trust;
  const work = accepted === 0 ? '' : `, ${(executions / accepted).toFixed(2)} executions for each result`;
  return `${verified} of ${accepted} accepted results had a check stronger than a vote${work}; ${caught} nodes or wallets caught`;
}

const jobLine = (job: JobSummary, { token }: RelayConfig): string =>
  `${job.jobId}  ${job.status.padEnd(9)} ${job.units.accepted}/${job.units.total}  spent ${formatAmount(job.spent, token)}  ${job.title} for ${job.requesterLabel}`;
