import { settlementAbi } from '@reckon/contracts/abi/settlement';
import { jobEscrowAbi } from '@reckon/contracts/abi/job-escrow';
import type { Hex } from '@reckon/protocol/base/bytes';
import type { Address, Hash, JobId } from '@reckon/protocol/base/ids';
import type { Wei } from '@reckon/protocol/base/units';
import type { PostedEpoch } from '@reckon/protocol/audit/epochs';
import { createPublicClient, http } from 'viem';
import { guarded } from '../chain/wallet-errors.ts';

/** What an auditor asks the chain. Every call rejects with CHAIN_UNREACHABLE where it does not answer. */
export interface SettlementReader {
  /** Where it asks, in words a person can judge. */
  readonly url: string;
  chainId(): Promise<number>;
  newest(settlement: Address): Promise<{ lastEpoch: number; totalCumulative: Wei }>;
  /** What stands for one epoch; the total and the transaction are read where its block is given. */
  epoch(settlement: Address, epoch: number, block?: number): Promise<PostedEpoch & { tx?: Hash }>;
  /** What a job's escrow ever held. */
  funded(escrow: Address, jobId: JobId): Promise<Wei>;
  blockHash(block: number): Promise<Hash>;
  /** Whether a wallet that may be a contract takes the signature for its own (EIP-1271). */
  isSignature(wallet: Address, digest: Hex, signature: Hex): Promise<boolean>;
}

/** Calls that go together in one request; the relay's bridge takes 100. */
const BATCH = 40;

/** Reads the chain at a JSON-RPC address. */
export function createSettlementReader(rpcUrl: string): SettlementReader {
  const chain = createPublicClient({ transport: http(rpcUrl, { batch: { batchSize: BATCH }, retryCount: 2 }) });
  const call = { action: 'read the chain', contract: 'Settlement', account: '', url: rpcUrl };
  const abi = settlementAbi;
  return {
    url: rpcUrl,
    chainId: () => guarded(call, () => chain.getChainId()),
    newest: (address) =>
      guarded(call, async () => {
        const [lastEpoch, totalCumulative] = await Promise.all([
          chain.readContract({ address, abi, functionName: 'lastEpoch' }),
          chain.readContract({ address, abi, functionName: 'totalCumulative' }),
        ]);
        return { lastEpoch: Number(lastEpoch), totalCumulative };
      }),
    epoch: (address, epoch, block) =>
      guarded(call, async () => {
        const args = [BigInt(epoch)] as const;
        const at = block === undefined ? undefined : BigInt(block);
        const [[claimsRoot, receiptsRoot, journalRoot], events] = await Promise.all([
          chain.readContract({ address, abi, functionName: 'epochs', args }),
          at === undefined
            ? []
            : chain.getContractEvents({
                address,
                abi,
                eventName: 'EpochPosted',
                fromBlock: at,
                toBlock: at,
                strict: true,
              }),
        ]);
        const posting = events.find((event) => event.args.epoch === args[0]);
        const more =
          posting === undefined ? {} : { totalCumulative: posting.args.totalCumulative, tx: posting.transactionHash };
        return { epoch, claimsRoot, receiptsRoot, journalRoot, ...more };
      }),
    funded: (address, jobId) =>
      guarded(call, async () => {
        const held = await chain.readContract({ address, abi: jobEscrowAbi, functionName: 'escrowOf', args: [jobId] });
        return held.funded;
      }),
    blockHash: (block) => guarded(call, async () => (await chain.getBlock({ blockNumber: BigInt(block) })).hash),
    isSignature: (address, hash, signature) => guarded(call, () => chain.verifyHash({ address, hash, signature })),
  };
}
