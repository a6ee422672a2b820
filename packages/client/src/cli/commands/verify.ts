import { parseArgs } from 'node:util';
import { ReckonError } from '@reckon/protocol/base/errors';
import { createPublicClient, http, type PublicClient } from 'viem';
import { createChainReader } from '../../chain/relay-chain.ts';
import { loadResult } from '../../files/result-folder.ts';
import { createRelayClient } from '../../relay-client.ts';
import { parseResultFile } from '../../result/result-file.ts';
import { verifyResult } from '../../result/verify-result.ts';
import { checkLines } from '../check-lines.ts';
import type { CliContext, Command } from '../command.ts';
import { parsed, parseUrl, usage } from '../usage.ts';

const options = { relay: { type: 'string' }, rpc: { type: 'string' }, offline: { type: 'boolean' } } as const;

/** `reckon verify <folder|zip>`: checks a downloaded result, offline but for the chain. */
export const verify: Command = async (args, context) => {
  const { values, positionals } = parsed('verify', () => parseArgs({ args, options, allowPositionals: true }));
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) return usage('Give one result: reckon verify <folder|zip>');
  const ways = [values.offline && '--offline', values.rpc && '--rpc', values.relay && '--relay'].filter(Boolean);
  if (ways.length > 1) return usage(`Give either ${ways.join(' or ')}: each says where the chain is read.`);
  const relay = values.relay === undefined ? undefined : parseUrl(values.relay, '--relay');
  const files = await loadResult(path);
  const rpc = values.rpc === undefined ? undefined : parseUrl(values.rpc, '--rpc');
  const chain = values.offline ? undefined : await findChain(relay ?? parseResultFile(files).relay, rpc, context);
  const report = await verifyResult(files, chain === undefined ? {} : { chain });
  const failed = report.checks.find((check) => check.error !== undefined)?.error;
  if (failed !== undefined) {
    for (const line of checkLines(report)) context.terminal.say(line);
    throw failed;
  }
  const { bundle } = parseResultFile(files);
  const settled = report.checks.some(({ name, status }) => name === 'settlement' && status === 'ok');
  return {
    json: {
      jobId: bundle.jobId,
      requester: bundle.order.order.requester,
      units: bundle.units.length,
      accepted: bundle.units.filter((unit) => unit.status === 'accepted').length,
      chain: chain !== undefined,
      settled,
      checks: report.checks.map(({ name, status, words }) => ({ name, status, words })),
    },
    lines: [
      ...checkLines(report),
      chain === undefined ? 'Verified offline; the chain was not read.' : 'Verified, and compared with the chain.',
    ],
  };
};

/** The RPC given must answer; the relay's own is asked when it is there, and left out when not. */
async function findChain(
  relayUrl: string,
  rpc: string | undefined,
  context: CliContext,
): Promise<PublicClient | undefined> {
  if (rpc !== undefined) return createPublicClient({ transport: http(rpc, { retryCount: 1 }) });
  if (URL.parse(relayUrl)?.protocol.startsWith('http') !== true) return undefined;
  try {
    return createChainReader(await createRelayClient(relayUrl).config(), relayUrl);
  } catch (error) {
    if (!(error instanceof ReckonError)) throw error;
    context.terminal.say(`The chain is not read, because ${relayUrl} does not answer. Give another with --rpc URL.`);
    return undefined;
  }
}
