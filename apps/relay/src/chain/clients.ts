import type { Hash } from '@reckon/protocol/base/ids';
import {
  type Address as ViemAddress,
  createPublicClient,
  createWalletClient,
  defineChain,
  type Chain,
  type Hex,
  http,
  type HttpTransport,
  type PublicClient,
  type TransactionReceipt,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';

export interface ChainSettings {
  rpcUrl: string;
  chainId: number;
}

export const describeChain = ({ rpcUrl, chainId }: ChainSettings) =>
  defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });

export type Reader = PublicClient<HttpTransport, Chain>;

/** Reads; polls quickly because an embedded chain makes a block each second or faster. */
export const createReader = (settings: ChainSettings): Reader =>
  createPublicClient({
    chain: describeChain(settings),
    transport: http(settings.rpcUrl, { retryCount: 1, timeout: 10_000 }),
    pollingInterval: 200,
    cacheTime: 0,
  });

export interface Sender {
  readonly address: ViemAddress;
  /** Sends and waits for the receipt; transactions of one account go one after the other. */
  send(transaction: { to: ViemAddress; data?: Hex; value?: bigint }): Promise<TransactionReceipt>;
}

const turns = new Map<string, Promise<unknown>>();

/** An account that sends. Two senders of one key on one chain share their turns. */
export function createSender(settings: ChainSettings, reader: Reader, key: Hex): Sender {
  const account = privateKeyToAccount(key);
  const transport = http(settings.rpcUrl, { retryCount: 1, timeout: 10_000 });
  const wallet = createWalletClient({ account, chain: describeChain(settings), transport });
  const turn = `${settings.rpcUrl} ${account.address}`;
  return {
    address: account.address,
    send(transaction) {
      const run = async () => {
        const hash: Hash = await wallet.sendTransaction(transaction);
        return await reader.waitForTransactionReceipt({ hash, timeout: 60_000 });
      };
      const result = (turns.get(turn) ?? Promise.resolve()).then(run, run);
      turns.set(turn, result);
      result.catch(() => {}); // the caller sees it; the next turn must not
      return result;
    },
  };
}
