import { ReckonError } from '@reckon/protocol/base/errors';
import type { Hono } from 'hono';
import * as v from 'valibot';
import { readJson } from './input.ts';
import type { HttpPorts } from './ports.ts';

/** Reads, and transactions that are signed already. Nothing that has the chain sign, mine or change time. */
const ALLOWED = new Set(
  `eth_accounts eth_blockNumber eth_call eth_chainId eth_createAccessList eth_estimateGas eth_feeHistory eth_gasPrice
  eth_getBalance eth_getBlockByHash eth_getBlockByNumber eth_getBlockReceipts eth_getBlockTransactionCountByHash
  eth_getBlockTransactionCountByNumber eth_getCode eth_getLogs eth_getStorageAt eth_getTransactionByHash
  eth_getTransactionCount eth_getTransactionReceipt eth_maxPriorityFeePerGas eth_sendRawTransaction eth_syncing
  net_version web3_clientVersion`.split(/\s+/),
);
const MAX_RPC_BYTES = 256 * 1024;
const MAX_ANSWER_MS = 15_000;

const Call = v.object({
  jsonrpc: v.literal('2.0'),
  id: v.optional(v.union([v.string(), v.number(), v.null()])),
  method: v.pipe(v.string(), v.maxLength(64)),
  params: v.optional(v.array(v.unknown())),
});
const Calls = v.union([Call, v.pipe(v.array(Call), v.minLength(1), v.maxLength(100))]);
type Call = v.InferOutput<typeof Call>;

const refused = (call: Call) => ({
  jsonrpc: '2.0',
  id: call.id ?? null,
  error: { code: -32601, message: `The method ${call.method} is not served here.` },
});

/** A JSON-RPC bridge to the chain for wallets on this origin. */
export function serveRpc(app: Hono, { rpcUrl }: HttpPorts): void {
  async function forward(body: Call | Call[]): Promise<unknown> {
    try {
      const signal = AbortSignal.timeout(MAX_ANSWER_MS);
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(rpcUrl, { method: 'POST', headers, body: JSON.stringify(body), signal });
      return await answer.json();
    } catch (error) {
      throw new ReckonError('CHAIN_UNREACHABLE', { url: '/rpc', cause: (error as Error).message }, { cause: error });
    }
  }

  app.post('/rpc', async (context) => {
    const calls = await readJson(context, Calls, MAX_RPC_BYTES);
    if (!Array.isArray(calls)) {
      const answer = ALLOWED.has(calls.method) ? await forward(calls) : refused(calls);
      return context.json(answer as object);
    }
    const allowed = calls.filter((call) => ALLOWED.has(call.method));
    const answers = allowed.length > 0 ? ((await forward(allowed)) as object[]) : [];
    return context.json([...answers, ...calls.filter((call) => !ALLOWED.has(call.method)).map(refused)]);
  });
}
