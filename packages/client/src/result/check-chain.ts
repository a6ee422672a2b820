import { jobEscrowAbi } from '@reckon/contracts/abi/job-escrow';
import { settlementAbi } from '@reckon/contracts/abi/settlement';
import { ReckonError } from '@reckon/protocol/base/errors';
import { PRICE_DECIMALS } from '@reckon/protocol/model/job-file';
import { formatUnits, type PublicClient } from 'viem';
import { guarded } from '../chain/wallet-errors.ts';
import { receiptRoots } from './check-receipts.ts';
import { fail, type ResultContext } from './result-context.ts';

const call = { action: 'read the chain', contract: 'Settlement', account: '', url: 'the RPC given' };

const tokens = (amount: bigint): string => formatUnits(amount, PRICE_DECIMALS);

/** The chain is the one signed for, and the contracts named belong together. @throws {ReckonError} WRONG_NETWORK. */
export async function checkContracts({ bundle }: ResultContext, chain: PublicClient): Promise<string> {
  return guarded(call, async () => {
    const received = await chain.getChainId();
    if (received !== bundle.chainId) throw new ReckonError('WRONG_NETWORK', { expected: bundle.chainId, received });
    const settlement = { address: bundle.contracts.settlement, abi: settlementAbi } as const;
    const [escrow, token] = await Promise.all([
      chain.readContract({ ...settlement, functionName: 'escrow' }),
      chain.readContract({ ...settlement, functionName: 'TOKEN' }),
    ]);
    if (escrow.toLowerCase() !== bundle.contracts.escrow) fail('contracts', `the settlement’s escrow is ${escrow}`);
    if (token.toLowerCase() !== bundle.contracts.token) fail('contracts', `the settlement’s token is ${token}`);
    return `chain ${received}, settlement ${bundle.contracts.settlement}`;
  });
}

/** The chain holds the very receipt roots that the receipts lead to, in the transactions named. */
export async function checkSettlement(context: ResultContext, chain: PublicClient): Promise<string | undefined> {
  const { bundle } = context;
  const roots = receiptRoots(context);
  if (roots.size === 0) return undefined;
  return guarded(call, async () => {
    const settlement = { address: bundle.contracts.settlement, abi: settlementAbi } as const;
    let posted = 0;
    for (const [epoch, root] of roots) {
      const args = [BigInt(epoch)] as const;
      const [, receiptsRoot, , postedAt] = await chain.readContract({ ...settlement, functionName: 'epochs', args });
      if (postedAt === 0n) continue; // sealed, not posted yet
      if (receiptsRoot !== root) fail('settlement', `epoch ${epoch} on chain has root ${receiptsRoot}, not ${root}`);
      posted += 1;
    }
    if (posted === 0) return undefined;
    await checkTransactions(context, chain);
    return `${posted} of ${roots.size} epochs stand on chain with these receipts`;
  });
}

async function checkTransactions({ bundle }: ResultContext, chain: PublicClient): Promise<void> {
  const receipts = bundle.units.flatMap((unit) => unit.receipts);
  for (const tx of new Set(receipts.map((settled) => settled.tx))) {
    if (tx === null) continue;
    const { to, status } = await chain.getTransactionReceipt({ hash: tx });
    if (to?.toLowerCase() !== bundle.contracts.settlement || status !== 'success') {
      fail('settlement', `transaction ${tx} did not settle anything there`);
    }
  }
}

/** The escrow of the job is the requester's, and no more was charged than it accepted. */
export async function checkEscrow({ bundle, stage }: ResultContext, chain: PublicClient): Promise<string> {
  return guarded(call, async () => {
    const { jobId, order } = bundle;
    const escrow = await chain.readContract({
      address: bundle.contracts.escrow,
      abi: jobEscrowAbi,
      functionName: 'escrowOf',
      args: [jobId],
    });
    if (escrow.requester.toLowerCase() !== order.order.requester) {
      fail('escrow', `the escrow’s requester is ${escrow.requester}, the order’s is ${order.order.requester}`);
    }
    const accepted = BigInt(bundle.units.filter((unit) => unit.status === 'accepted').length);
    const price = accepted * stage.pricePerUnit;
    const [charged, cost] = [tokens(escrow.released), tokens(price)];
    if (escrow.released > price) fail('escrow', `${charged} tokens were charged, the accepted units cost ${cost}`);
    return escrow.closed
      ? `${charged} tokens charged for ${accepted} accepted units, ${tokens(escrow.funded - escrow.released)} returned`
      : `${charged} of ${cost} tokens charged so far, ${tokens(escrow.remaining)} still held`;
  });
}
