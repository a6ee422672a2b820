import type { JobId } from '@reckon/protocol/base/ids';
import type { JobOrder } from '@reckon/protocol/model/job-order';
import { type Abi, type Hex, parseSignature, type TransactionReceipt } from 'viem';
import { jobEscrowAbi } from '../src/abi/job-escrow.ts';
import { reckonTokenAbi } from '../src/abi/reckon-token.ts';
import { settlementAbi } from '../src/abi/settlement.ts';
import { type Deployment, deployContracts } from '../src/deploy.ts';
import { toPermitTypedData } from '../src/permit.ts';
import type { TestChain, TestWallet } from './chain.ts';

export const CHALLENGE_WINDOW_SECONDS = 600;
export const GRACE_SECONDS = 3600;

export interface Charge {
  jobId: JobId;
  amount: bigint;
  closing: boolean;
}

export interface EpochPost {
  epoch: bigint;
  claimsRoot: Hex;
  receiptsRoot: Hex;
  journalRoot: Hex;
  totalCumulative: bigint;
  charges: readonly Charge[];
}

type EscrowFunction = 'fund' | 'fundWithPermit' | 'refund';
type SettlementFunction = 'postEpoch' | 'claim';

/** The deployed contracts with the calls that tests make. Every call is simulated first, so that it throws its reason. */
export interface SettledSystem {
  deployment: Deployment;
  /** Wallet 0: deployer, operator and owner of the token. */
  operator: TestWallet;
  give(to: Hex, amount: bigint): Promise<TransactionReceipt>;
  balanceOf(account: Hex): Promise<bigint>;
  escrowOf(jobId: JobId): Promise<EscrowState>;
  /** Signs a permit and funds in one transaction. */
  fundWithPermit(wallet: TestWallet, order: JobOrder, amount: bigint): Promise<TransactionReceipt>;
  /** By the operator, unless another wallet is given. */
  postEpoch(post: EpochPost, wallet?: TestWallet): Promise<TransactionReceipt>;
  claim(
    wallet: TestWallet,
    epoch: bigint,
    account: Hex,
    cumulative: bigint,
    path: readonly Hex[],
  ): Promise<TransactionReceipt>;
  refund(wallet: TestWallet, jobId: JobId): Promise<TransactionReceipt>;
}

export interface EscrowState {
  requester: Hex;
  expiresAt: bigint;
  closed: boolean;
  funded: bigint;
  released: bigint;
  remaining: bigint;
}

export async function createSettledSystem(chain: TestChain): Promise<SettledSystem> {
  const operator = chain.wallet(0);
  const deployment: Deployment = await deployContracts({
    walletClient: operator,
    publicClient: chain.publicClient,
    operator: operator.account.address,
    challengeWindowSeconds: CHALLENGE_WINDOW_SECONDS,
    graceSeconds: GRACE_SECONDS,
  });

  async function send(wallet: TestWallet, address: Hex, abi: Abi, functionName: string, args: readonly unknown[]) {
    const call = { address, abi, functionName, args, account: wallet.account };
    const { request } = await chain.publicClient.simulateContract(call);
    return chain.publicClient.waitForTransactionReceipt({ hash: await wallet.writeContract(request) });
  }

  const callEscrow = (wallet: TestWallet, name: EscrowFunction, args: readonly unknown[]) =>
    send(wallet, deployment.escrow, jobEscrowAbi, name, args);
  const callSettlement = (wallet: TestWallet, name: SettlementFunction, args: readonly unknown[]) =>
    send(wallet, deployment.settlement, settlementAbi, name, args);

  const give = (to: Hex, amount: bigint) => send(operator, deployment.token, reckonTokenAbi, 'mint', [to, amount]);

  const balanceOf = (account: Hex) =>
    chain.publicClient.readContract({
      address: deployment.token,
      abi: reckonTokenAbi,
      functionName: 'balanceOf',
      args: [account],
    });

  const escrowOf = (jobId: JobId) =>
    chain.publicClient.readContract({
      address: deployment.escrow,
      abi: jobEscrowAbi,
      functionName: 'escrowOf',
      args: [jobId],
    });

  async function fundWithPermit(wallet: TestWallet, order: JobOrder, amount: bigint): Promise<TransactionReceipt> {
    const owner = wallet.account.address;
    const nonce = await chain.publicClient.readContract({
      address: deployment.token,
      abi: reckonTokenAbi,
      functionName: 'nonces',
      args: [owner],
    });
    const permit = toPermitTypedData({
      chainId: wallet.chain.id,
      token: deployment.token,
      owner,
      spender: deployment.escrow,
      value: amount,
      nonce,
      deadline: BigInt(order.expiresAt),
    });
    const { v, r, s } = parseSignature(await wallet.signTypedData({ account: wallet.account, ...permit }));
    return callEscrow(wallet, 'fundWithPermit', [order, amount, order.expiresAt, Number(v), r, s]);
  }

  const postEpoch = (post: EpochPost, wallet = operator) => {
    const { epoch, claimsRoot, receiptsRoot, journalRoot, totalCumulative, charges } = post;
    return callSettlement(wallet, 'postEpoch', [
      epoch,
      claimsRoot,
      receiptsRoot,
      journalRoot,
      totalCumulative,
      charges,
    ]);
  };

  const claim = (wallet: TestWallet, epoch: bigint, account: Hex, cumulative: bigint, path: readonly Hex[]) =>
    callSettlement(wallet, 'claim', [epoch, account, cumulative, path]);

  const refund = (wallet: TestWallet, jobId: JobId) => callEscrow(wallet, 'refund', [jobId]);

  return { deployment, operator, give, balanceOf, escrowOf, fundWithPermit, postEpoch, claim, refund };
}
