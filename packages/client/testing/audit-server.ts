import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jobEscrowAbi } from '@reckon/contracts/abi/job-escrow';
import { settlementAbi } from '@reckon/contracts/abi/settlement';
import type { Hash } from '@reckon/protocol/base/ids';
import { blockAt } from '@reckon/protocol/testing/journal-world';
import { decodeFunctionData, encodeAbiParameters, encodeEventTopics, encodeFunctionResult, type Hex } from 'viem';
import { type ChainEpoch, RELAY_URL, type ServedWorld } from './audit-world.ts';

interface Call {
  id: number;
  method: string;
  params?: readonly { data?: Hex; fromBlock?: Hex }[];
}

/** The JSON-RPC of a chain on which these epochs stand. */
export function answerRpc(epochs: readonly ChainEpoch[], body: string): unknown {
  const parsed = JSON.parse(body) as Call | Call[];
  const one = (call: Call) => ({ jsonrpc: '2.0', id: call.id, result: answer(epochs, call) });
  return Array.isArray(parsed) ? parsed.map(one) : one(parsed);
}

function answer(epochs: readonly ChainEpoch[], { method, params: [first] = [] }: Call): unknown {
  if (method === 'eth_chainId') return '0x7a69';
  if (method === 'eth_getCode') return '0x';
  if (method === 'eth_getBlockByNumber') {
    const number = first as unknown as Hex;
    return { number, hash: blockAt(Number(number)), timestamp: '0x0', transactions: [] };
  }
  if (method === 'eth_getLogs') return logOf(epochs, Number(first?.fromBlock) - 100);
  return method === 'eth_call' ? read(epochs, first?.data as Hex) : null;
}

function read(epochs: readonly ChainEpoch[], data: Hex): Hex {
  const { functionName, args } = decodeFunctionData({ abi: [...settlementAbi, ...jobEscrowAbi], data });
  const last = epochs.at(-1);
  if (functionName === 'lastEpoch') {
    return encodeFunctionResult({ abi: settlementAbi, functionName, result: BigInt(last?.epoch ?? 0) });
  }
  if (functionName === 'totalCumulative') {
    return encodeFunctionResult({ abi: settlementAbi, functionName, result: last?.totalCumulative ?? 0n });
  }
  if (functionName === 'escrowOf') {
    const amounts = { funded: 10n ** 20n, released: 0n, remaining: 0n };
    const result = { requester: `0x${'11'.repeat(20)}` as const, expiresAt: 0n, closed: false, ...amounts };
    return encodeFunctionResult({ abi: jobEscrowAbi, functionName, result });
  }
  const zero: Hash = `0x${'00'.repeat(32)}`;
  const known = epochs.find(({ epoch }) => BigInt(epoch) === args?.[0]);
  const roots = [known?.claimsRoot ?? zero, known?.receiptsRoot ?? zero, known?.journalRoot ?? zero] as const;
  return encodeFunctionResult({ abi: settlementAbi, functionName: 'epochs', result: [...roots, known ? 1n : 0n] });
}

function logOf(epochs: readonly ChainEpoch[], epoch: number): unknown[] {
  const known = epochs.find((each) => each.epoch === epoch);
  if (known?.tx === undefined) return [];
  const abi = settlementAbi.find((item) => item.type === 'event' && item.name === 'EpochPosted');
  if (abi?.type !== 'event') throw new Error('the contract has no EpochPosted');
  const { claimsRoot, receiptsRoot, journalRoot, totalCumulative, tx } = known;
  const values = [claimsRoot, receiptsRoot, journalRoot, totalCumulative, 0n];
  return [
    {
      address: `0x${'22'.repeat(20)}`,
      topics: encodeEventTopics({ abi: settlementAbi, eventName: 'EpochPosted', args: { epoch: BigInt(epoch) } }),
      data: encodeAbiParameters(
        abi.inputs.filter(({ indexed }) => !indexed),
        values as never,
      ),
      transactionHash: tx,
      blockNumber: '0x65',
      blockHash: blockAt(101),
      logIndex: '0x0',
      transactionIndex: '0x0',
      removed: false,
    },
  ];
}

/** A served journal and its chain over real HTTP. */
export async function startAuditServer(served: ServedWorld, epochs: readonly ChainEpoch[]) {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk));
    request.on('end', () => {
      if (request.url === '/rpc') return void response.end(JSON.stringify(answerRpc(epochs, body)));
      void served.fetch(`${RELAY_URL}${request.url}`).then(async (found) => {
        const headers = Object.fromEntries(found.headers);
        response.writeHead(found.status, headers).end(Buffer.from(await found.arrayBuffer()));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
