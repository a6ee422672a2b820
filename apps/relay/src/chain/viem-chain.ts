import { jobEscrowAbi } from '@reckon/contracts/abi/job-escrow';
import { settlementAbi } from '@reckon/contracts/abi/settlement';
import { toChainRevert } from '@reckon/contracts/chain-errors';
import { type Hex, toHex } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { Address, Hash, JobId } from '@reckon/protocol/base/ids';
import type { RecoverAddress } from '@reckon/protocol/base/ports';
import { encodeFunctionData, parseAbi } from 'viem';
import type { Chain, PostedEpoch } from './chain.ts';
import { type ChainSettings, createReader, createSender } from './clients.ts';
import { onChain } from './errors.ts';

const eip1271Abi = parseAbi(['function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)']);
const EIP1271_VALID = '0x1626ba7e';

export interface ViemChainSettings extends ChainSettings {
  contracts: { escrow: Address; settlement: Address };
  operatorKey: Hex;
  /** Where events are looked for first. */
  fromBlock: number;
}

/** The one refusal of an epoch that money mends, with how much is missing; anything else as it was thrown. */
function nameShortfall(error: unknown, epoch: number): unknown {
  const revert = toChainRevert(error, 'Settlement');
  if (revert?.name !== 'Settlement_TotalExceedsReleased') return error;
  const [available, promised] = revert.args as readonly [bigint, bigint];
  return new ReckonError('SETTLEMENT_SHORTFALL', { epoch, missing: `${promised - available}` }, { cause: error });
}

/** The chain behind an EVM JSON-RPC address. */
export function createViemChain(settings: ViemChainSettings, recover: RecoverAddress): Chain {
  const { rpcUrl, contracts, fromBlock } = settings;
  const reader = createReader(settings);
  const sender = createSender(settings, reader, settings.operatorKey);
  const settlement = { address: contracts.settlement, abi: settlementAbi } as const;
  const escrow = { address: contracts.escrow, abi: jobEscrowAbi } as const;
  const call = <T>(contract: string, run: () => Promise<T>) => onChain(rpcUrl, contract, run);

  async function finalAtOf(epoch: number): Promise<number> {
    return Number(await reader.readContract({ ...settlement, functionName: 'finalAt', args: [BigInt(epoch)] })) * 1000;
  }

  async function findEpoch(epoch: number): Promise<PostedEpoch | undefined> {
    const events = await reader.getContractEvents({
      ...settlement,
      eventName: 'EpochPosted',
      args: { epoch: BigInt(epoch) },
      fromBlock: BigInt(fromBlock),
    });
    const event = events.at(-1);
    if (event === undefined) return undefined;
    const receipt = await reader.getTransactionReceipt({ hash: event.transactionHash });
    return {
      tx: event.transactionHash,
      block: Number(event.blockNumber),
      gasUsed: Number(receipt.gasUsed),
      claimsRoot: event.args.claimsRoot as Hash,
      finalAt: await finalAtOf(epoch),
    };
  }

  return {
    head: () =>
      call('chain', async () => {
        const { number, timestamp, hash } = await reader.getBlock();
        return { block: Number(number), time: Number(timestamp) * 1000, hash };
      }),

    fundedTotal: (jobId) =>
      call('JobEscrow', async () => {
        const view = await reader.readContract({ ...escrow, functionName: 'escrowOf', args: [jobId] });
        return view.closed ? 0n : view.funded;
      }),

    fundedJobs: (from, to) =>
      call('JobEscrow', async () => {
        const [first, last] = [BigInt(Math.max(from, fromBlock)), BigInt(to)];
        const events = await reader.getContractEvents({
          ...escrow,
          eventName: 'JobFunded',
          fromBlock: first,
          toBlock: last,
        });
        return events.map((event) => ({ jobId: event.args.jobId as JobId, block: Number(event.blockNumber) }));
      }),

    lastEpoch: () =>
      call('Settlement', async () => Number(await reader.readContract({ ...settlement, functionName: 'lastEpoch' }))),

    findEpoch: (epoch) => call('Settlement', () => findEpoch(epoch)),

    postEpoch: (post) =>
      call('Settlement', async () => {
        const { claimsRoot, receiptsRoot, journalRoot, totalCumulative, charges } = post;
        const args = [BigInt(post.epoch), claimsRoot, receiptsRoot, journalRoot, totalCumulative, charges] as const;
        // Tried first without sending, so that a refusal names its reason and costs nothing.
        const call = { ...settlement, functionName: 'postEpoch', args, account: sender.address } as const;
        await reader.simulateContract(call).catch((error: unknown) => {
          throw nameShortfall(error, post.epoch);
        });
        const data = encodeFunctionData({ abi: settlementAbi, functionName: 'postEpoch', args });
        const receipt = await sender.send({ to: contracts.settlement, data });
        if (receipt.status !== 'success') {
          throw new ReckonError('CHAIN_REVERTED', { contract: 'Settlement', reason: `postEpoch ${post.epoch}` });
        }
        return {
          tx: receipt.transactionHash,
          block: Number(receipt.blockNumber),
          gasUsed: Number(receipt.gasUsed),
          claimsRoot,
          finalAt: await finalAtOf(post.epoch),
        };
      }),

    async verifyHash(account, digest, signature) {
      if (signature.length === 132 && recover(digest, signature) === account) return true;
      return await call('wallet', async () => {
        const code = await reader.getCode({ address: account });
        if (code === undefined || code === '0x') return false;
        const call = { address: account, abi: eip1271Abi, functionName: 'isValidSignature' } as const;
        try {
          return (await reader.readContract({ ...call, args: [toHex(digest), signature] })) === EIP1271_VALID;
        } catch (error) {
          const coded = await onChain(rpcUrl, 'wallet', () => Promise.reject(error)).catch((e: ReckonError) => e);
          if (coded.code === 'CHAIN_REVERTED') return false; // a wallet may refuse by reverting
          throw coded;
        }
      });
    },
  };
}
