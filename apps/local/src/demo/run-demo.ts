import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatAmount } from '@reckon/client/amount';
import { createChainReader } from '@reckon/client/chain/relay-chain';
import { tokenBalance } from '@reckon/client/chain/claim';
import { awaitSettlement } from '@reckon/client/cli/await-settlement';
import { checkLines } from '@reckon/client/cli/check-lines';
import { progressLine, type Terminal } from '@reckon/client/cli/terminal';
import { loadOrMakeKey } from '@reckon/client/files/key-file';
import { loadJob } from '@reckon/client/files/load-job';
import { saveResult } from '@reckon/client/files/result-folder';
import { createKeyWallet, topUp } from '@reckon/client/files/wallet';
import { postJob } from '@reckon/client/post-job';
import { policyName, verdictWords } from '@reckon/client/policy-words';
import { prepareJob } from '@reckon/client/prepare-job';
import { createRelayClient, type RelayClient } from '@reckon/client/relay-client';
import { downloadJob } from '@reckon/client/result/download-job';
import { verifyResult } from '@reckon/client/result/verify-result';
import { watchJob } from '@reckon/client/watch-job';
import { settlementAbi } from '@reckon/contracts/abi/settlement';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { Address, NodeId } from '@reckon/protocol/base/ids';
import type { JobSummary, ResultBundle } from '@reckon/protocol/wire/http';
import type { Browser } from 'playwright-core';
import type { Stack } from '../stack.ts';
import { openTab } from './volunteer-tab.ts';

const jobPath = fileURLToPath(new URL('../../../../examples/digits/job.json', import.meta.url));
/** Longest wait for the epoch: sealing, posting, the challenge window, and a slow machine. */
const CLAIM_MS = 120_000;
const JOB_MS = 300_000;

export interface DemoOptions {
  stack: Stack;
  browser: Browser;
  terminal: Terminal;
  out: string;
}

/** Two tabs compute a job that is posted, paid, verified and claimed. @returns what happened, a figure a line. */
export async function runDemo({ stack, browser, terminal, out }: DemoOptions): Promise<[string, string][]> {
  const relay = createRelayClient(stack.url);
  const config = await relay.config();
  const chain = createChainReader(config, stack.url);

  terminal.say('Opening two browser tabs and pressing Start in each …');
  const tabs = await Promise.all(['The first tab', 'The second tab'].map((name) => openTab(browser, stack.url, name)));
  await Promise.all(tabs.map((tab) => tab.start()));
  const [first] = tabs as [(typeof tabs)[number]];
  await first.linkWallet();
  terminal.say('The first tab has linked a wallet with one signature.');

  const { jobFile, inputs } = await loadJob(jobPath);
  const prepared = await prepareJob(jobFile, inputs, config);
  const wallet = createKeyWallet(await loadOrMakeKey(join(stack.dataDir, 'keys', 'demo.key')), config, stack.url);
  await topUp(relay, config, chain, wallet, prepared.budget);
  terminal.say(
    `Posting “${prepared.spec.title}”: ${prepared.units} units for ${formatAmount(prepared.budget, config.token)}.`,
  );
  const { jobId, funding } = await postJob({ relay, config, prepared, wallet, chain });
  const job = await watch(relay, jobId, terminal);

  let result = await downloadJob(relay, jobId);
  await saveResult(out, result.files);
  terminal.progress('waiting until the work is settled on chain');
  result = (await awaitSettlement(relay, config, jobId, result, AbortSignal.timeout(CLAIM_MS))) ?? result;
  terminal.endProgress();
  await saveResult(out, result.files);
  const report = await verifyResult(result.files, { chain });
  for (const line of checkLines(report)) terminal.say(line);
  const failed = report.checks.find((check) => check.error !== undefined)?.error;
  if (failed !== undefined) throw failed;

  terminal.say('The first tab claims its reward …');
  await first.claim(CLAIM_MS);
  const account = await linkedAccount(relay, result.bundle);
  const claimed = await chain.readContract({
    address: config.contracts.settlement,
    abi: settlementAbi,
    functionName: 'claimed',
    args: [account],
  });
  if (claimed === 0n) throw new ReckonError('CLAIM_EMPTY', { account });
  const balance = await tokenBalance(chain, config, account);
  const epochs = await relay.epochs(100);
  const settlementGas = epochs.reduce((sum, epoch) => sum + (epoch.gasUsed ?? 0), 0);
  const money = (amount: bigint) => formatAmount(amount, config.token);
  return [
    ['job', `${job.title} (${job.kernel})`],
    ['units', `${job.units.accepted} of ${job.units.total} accepted, ${job.units.failed} failed`],
    ['nodes', String(job.nodes)],
    ['verified', `${verdictWords(result.bundle.units)}: ${policyName(job.policy)} for each unit`],
    ['price', `${money(job.spent)} of ${money(job.budget)} in escrow, test money`],
    [
      'gas',
      `${funding.gasUsed} to fund, ${settlementGas} to settle ${epochs.filter((epoch) => epoch.gasUsed !== null).length} epochs`,
    ],
    ['reward claimed', `${money(claimed)} by ${account}`],
    ['in that wallet', `${money(balance)}, read from the chain`],
    ['time', `${(((job.endedAt ?? 0) - (job.fundedAt ?? 0)) / 1000).toFixed(1)} s from funding to the last unit`],
  ];
}

async function watch(relay: RelayClient, jobId: JobSummary['jobId'], terminal: Terminal): Promise<JobSummary> {
  let job: JobSummary | undefined;
  for await (const progress of watchJob(relay, jobId, { signal: AbortSignal.timeout(JOB_MS) })) {
    job = progress.job;
    terminal.progress(progressLine(progress, terminal.columns));
  }
  terminal.endProgress();
  if (job?.status !== 'completed') throw new ReckonError('JOB_NOT_FINISHED', { jobId, status: job?.status ?? 'draft' });
  if (job.units.failed > 0) {
    throw new ReckonError('JOB_UNITS_FAILED', { jobId, failed: job.units.failed, units: job.units.total });
  }
  return job;
}

/** The wallet that one of the job's nodes pays to. */
async function linkedAccount(relay: RelayClient, bundle: ResultBundle): Promise<Address> {
  const nodes = new Set<NodeId>(bundle.units.flatMap((unit) => unit.attestations.map(({ nodeId }) => nodeId)));
  for (const nodeId of nodes) {
    const { payoutAddress } = await relay.node(nodeId);
    if (payoutAddress !== null) return payoutAddress;
  }
  throw new ReckonError('NOT_FOUND', { what: 'A node with a linked wallet' });
}
