import { parseArgs } from 'node:util';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { tryParse } from '@reckon/protocol/base/parse';
import { ReckonError } from '@reckon/protocol/base/errors';
import { toJson } from '@reckon/protocol/base/json';
import { SignedJobOrder } from '@reckon/protocol/model/job-order';
import type { JobSummary, RelayConfig } from '@reckon/protocol/wire/http';
import { formatAmount } from '../../amount.ts';
import { createChainReader } from '../../chain/relay-chain.ts';
import { signOrder } from '../../chain/sign-order.ts';
import { loadJob } from '../../files/load-job.ts';
import { saveResult } from '../../files/result-folder.ts';
import { openWallet, topUp } from '../../files/wallet.ts';
import { lackOfNodes, whatHelps } from '../../lack-of-nodes.ts';
import { type PostedJob, postJob, type PostStep } from '../../post-job.ts';
import { policyName, priceWords, verdictCounts, verdictWords } from '../../policy-words.ts';
import { type PreparedJob, prepareJob } from '../../prepare-job.ts';
import { createRelayClient, type RelayClient } from '../../relay-client.ts';
import { type DownloadedJob, downloadJob } from '../../result/download-job.ts';
import { verifyResult } from '../../result/verify-result.ts';
import { runMsOf, unitSizeHint } from '../../unit-figures.ts';
import { systemClock } from '@reckon/kernels/engine/system-clock';
import { watchJob } from '../../watch-job.ts';
import { awaitSettlement } from '../await-settlement.ts';
import type { CliContext, Command } from '../command.ts';
import { checkLines } from '../check-lines.ts';
import { progressLine } from '../terminal.ts';
import { DEFAULT_RELAY, parsed, parseUrl, usage } from '../usage.ts';
import { saveText } from '../../files/save-text.ts';

const options = {
  out: { type: 'string' },
  relay: { type: 'string' },
  'no-settle': { type: 'boolean' },
} as const;

/** The order of a run that has not ended, kept in the results' folder. */
const ORDER_FILE = '.order.json';

/** `reckon run <job.json> --out DIR`: posts, funds, waits, downloads, verifies. */
export const run: Command = async (args, context) => {
  const { values, positionals } = parsed('run', () => parseArgs({ args, options, allowPositionals: true }));
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) return usage('Give one job file: reckon run <job.json> --out DIR');
  const out = values.out ?? usage('Say where the results go: --out DIR');
  const relay = createRelayClient(parseUrl(values.relay ?? context.env['RECKON_RELAY'] ?? DEFAULT_RELAY, '--relay'));
  const { terminal, signal } = context;
  const started = systemClock.now();

  const { jobFile, inputs } = await loadJob(path);
  const config = await relay.config();
  const prepared = await prepareJob(jobFile, inputs, config);
  terminal.say(`${prepared.spec.title}: ${prepared.units} units, ${priceLine(prepared, config)}`);
  for (const line of termsLines(prepared)) terminal.say(line);
  const posted = await post(relay, config, prepared, out, context);
  const job = await watch(relay, posted, context);
  if (job.status !== 'completed') throw endedEarly(job);
  let result = await downloadJob(relay, job.jobId, {
    signal,
    onProgress: (blobs, total) => terminal.progress(`downloading ${blobs}/${total}`),
  });
  terminal.endProgress();
  await saveResult(out, result.files);
  await rm(join(out, ORDER_FILE), { force: true });
  const settled = await settle(relay, config, job, result, values['no-settle'] === true, context);
  if (settled !== undefined) {
    result = settled;
    await saveResult(out, result.files);
  }
  const report = await verifyResult(result.files, { chain: createChainReader(config, relay.baseUrl) });
  const failed = report.checks.find((check) => check.error !== undefined)?.error;
  if (failed !== undefined) throw failed;
  if (job.units.failed > 0) {
    throw new ReckonError('JOB_UNITS_FAILED', { jobId: job.jobId, failed: job.units.failed, units: job.units.total });
  }
  const seconds = (systemClock.now() - started) / 1000;
  const files = [...result.files.keys()].filter((name) => !name.startsWith('units/'));
  return {
    json: {
      jobId: job.jobId,
      relay: relay.baseUrl,
      out,
      title: job.title,
      kernel: job.kernel,
      units: job.units,
      nodes: job.nodes,
      policy: job.policy,
      verification: prepared.verification,
      verified: verdictCounts(result.bundle.units),
      spent: job.spent,
      pricePerUnit: job.pricePerUnit,
      budget: job.budget,
      token: config.token.symbol,
      funding: posted.funding,
      settled: settled !== undefined,
      checks: report.checks.map(({ name, status, words }) => ({ name, status, words })),
      files,
      seconds,
    },
    lines: [
      ...checkLines(report),
      `${job.units.accepted} of ${job.units.total} units of ${job.kernel} computed by ${job.nodes} nodes in ${seconds.toFixed(1)} s.`,
      `Verified: ${verdictWords(result.bundle.units)}.`,
      `Spent ${formatAmount(job.spent, config.token)} (${formatAmount(job.pricePerUnit, config.token)} a unit)${config.token.test ? ', test money' : ''}.`,
      `Results in ${out}: ${files.join(', ')}`,
    ],
  };
};

const priceLine = ({ price }: PreparedJob, { token }: RelayConfig): string =>
  `at most ${formatAmount(price.worst, token)}, of it ${formatAmount(price.fee, token)} fee; units that fail cost nothing`;

/** What is promised and what it costs, before anything is paid. */
function termsLines({ spec, verification }: PreparedJob): string[] {
  const stage = spec.stages[0] as PreparedJob['spec']['stages'][number]; // the schema asks for exactly one
  const hint = unitSizeHint(runMsOf(stage));
  return [
    `Verification: ${policyName(stage.policy)}. ${verification.promise.words}`,
    `Costs ${priceWords(verification.price)}.`,
    ...(hint === undefined ? [] : [hint]),
  ];
}

async function post(
  relay: RelayClient,
  config: RelayConfig,
  prepared: PreparedJob,
  out: string,
  { terminal, env, signal }: CliContext,
): Promise<PostedJob> {
  const wallet = await openWallet(relay, config, env);
  const chain = createChainReader(config, relay.baseUrl);
  const kept = await keptOrder(out, prepared);
  if (kept === undefined) await topUp(relay, config, chain, wallet, prepared.budget);
  const onStep = (step: PostStep) => terminal.progress(stepLine(step));
  const signed = kept ?? (await keepOrder());
  async function keepOrder(): Promise<SignedJobOrder> {
    onStep({ step: 'signing' });
    const order = await signOrder(wallet, config, prepared);
    await saveText(join(out, ORDER_FILE), toJson(order));
    return order;
  }
  const posted = await postJob({ relay, config, prepared, wallet, chain, signed, onStep, signal });
  terminal.endProgress();
  const gas = posted.funding.tx === null ? 'already funded' : `funded, ${posted.funding.gasUsed} gas`;
  terminal.say(`job ${posted.jobId} ${gas}`);
  return posted;
}

/** The order of an interrupted run of the same job, while it can still be used. */
async function keptOrder(out: string, prepared: PreparedJob): Promise<SignedJobOrder | undefined> {
  const text = await readFile(join(out, ORDER_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const order = tryParse(SignedJobOrder, JSON.parse(text));
    const usable =
      order.ok &&
      order.value.order.specDigest === prepared.specDigest &&
      order.value.order.expiresAt * 1000 > systemClock.now();
    return usable ? order.value : undefined;
  } catch {
    return undefined; // cut off while it was written: nothing was posted with it
  }
}

function stepLine(step: PostStep): string {
  switch (step.step) {
    case 'signing':
      return 'signing the order';
    case 'signed':
      return 'order signed';
    case 'uploading':
      return `uploading ${Math.floor((100 * step.bytes) / Math.max(1, step.total))} %`;
    case 'posting':
      return 'posting the job';
    case 'funding':
      return 'funding the escrow';
    case 'awaiting-escrow':
      return 'waiting until the relay sees the escrow';
  }
}

async function watch(relay: RelayClient, posted: PostedJob, { terminal, signal }: CliContext): Promise<JobSummary> {
  let job = posted.job;
  const lack = lackOfNodes(await relay.network(), job);
  if (lack !== undefined) terminal.say(`${lack.words} ${whatHelps(lack, relay.baseUrl)}`);
  for await (const progress of watchJob(relay, posted.jobId, { signal })) {
    job = progress.job;
    terminal.progress(progressLine(progress, terminal.columns));
  }
  terminal.endProgress();
  return job;
}

function endedEarly(job: JobSummary): ReckonError {
  if (job.status === 'expired') {
    return new ReckonError('JOB_EXPIRED', { jobId: job.jobId, expiredAt: new Date(job.expiresAt).toISOString() });
  }
  return new ReckonError('JOB_STATE', { jobId: job.jobId, expected: 'completed', received: job.status });
}

async function settle(
  relay: RelayClient,
  config: RelayConfig,
  job: JobSummary,
  result: DownloadedJob,
  skip: boolean,
  { terminal, signal }: CliContext,
): Promise<DownloadedJob | undefined> {
  if (skip) return undefined;
  terminal.progress('waiting until the work is settled on chain');
  const settled = await awaitSettlement(relay, config, job.jobId, result, signal);
  terminal.endProgress();
  if (settled === undefined) terminal.say('Not settled yet: reckon verify checks the settlement later.');
  return settled;
}
