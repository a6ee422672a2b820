import { jobEscrowAbi } from '@reckon/contracts/abi/job-escrow';
import { reckonTokenAbi } from '@reckon/contracts/abi/reckon-token';
import { ReckonError } from '@reckon/protocol/base/errors';
import { jobIdOf, type JobOrder } from '@reckon/protocol/model/job-order';
import type { RelayConfig } from '@reckon/protocol/wire/http';
import { type Hex, parseSignature, type PublicClient } from 'viem';
import { formatAmount } from '../amount.ts';
import { requireNetwork, type Wallet, walletAddress } from './sign-order.ts';
import { type ChainCall, guarded } from './wallet-errors.ts';

const PERMIT_SECONDS = 3600n;

const permitTypes = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const;

export interface FundJob {
  wallet: Wallet;
  chain: PublicClient;
  config: RelayConfig;
  order: JobOrder;
}

/** What funding took; undefined gas when nothing was left to pay. */
export interface Funding {
  tx: Hex | null;
  gasUsed: bigint;
}

/**
 * Pays what is missing of the order's budget into escrow: a permit and one transaction, or approve and fund for wallets
 * and tokens without permits. Funding twice pays once.
 * @throws {ReckonError} WRONG_NETWORK, BALANCE_TOO_SMALL, WALLET_REJECTED, CHAIN_REVERTED, CHAIN_UNREACHABLE, JOB_STATE.
 */
export async function fundJob({ wallet, chain, config, order }: FundJob): Promise<Funding> {
  await requireNetwork(wallet, config);
  const owner = walletAddress(wallet);
  const call: ChainCall = { action: 'fund the job', contract: 'JobEscrow', account: owner, url: config.rpcPath };
  return guarded(call, async () => {
    const jobId = jobIdOf(order);
    const escrow = { address: config.contracts.escrow, abi: jobEscrowAbi } as const;
    const held = await chain.readContract({ ...escrow, functionName: 'escrowOf', args: [jobId] });
    if (held.closed) throw new ReckonError('JOB_STATE', { jobId, expected: 'open', received: 'closed' });
    const amount = order.budget - held.funded;
    if (amount <= 0n) return { tx: null, gasUsed: 0n };
    await requireBalance(chain, config, owner, amount);
    const terms = { ...order, expiresAt: BigInt(order.expiresAt) };
    const account = wallet.account;
    const permit = await signPermit({ wallet, chain, config, order }, amount);
    // Simulated first, so that a refusal comes as the contract's own words and costs nothing.
    if (permit !== undefined) {
      const { deadline, v, r, s } = permit;
      const args = [terms, amount, deadline, v, r, s] as const;
      const { request } = await chain.simulateContract({ ...escrow, account, functionName: 'fundWithPermit', args });
      return sendAndWait(chain, () => wallet.writeContract({ ...request, chain: wallet.chain }), 'JobEscrow');
    }
    await approve({ wallet, chain, config, order }, amount);
    const args = [terms, amount] as const;
    const { request } = await chain.simulateContract({ ...escrow, account, functionName: 'fund', args });
    return sendAndWait(chain, () => wallet.writeContract({ ...request, chain: wallet.chain }), 'JobEscrow');
  });
}

/** Sends one transaction and waits until it is mined. @throws {ReckonError} CHAIN_REVERTED. */
export async function sendAndWait(
  chain: PublicClient,
  write: () => Promise<Hex>,
  contract: string,
): Promise<{ tx: Hex; gasUsed: bigint }> {
  const tx = await write();
  const receipt = await chain.waitForTransactionReceipt({ hash: tx });
  if (receipt.status !== 'success') {
    throw new ReckonError('CHAIN_REVERTED', { contract, reason: `transaction ${tx} was reverted` });
  }
  return { tx, gasUsed: receipt.gasUsed };
}

async function requireBalance(chain: PublicClient, config: RelayConfig, owner: Hex, amount: bigint): Promise<void> {
  const token = { address: config.contracts.token, abi: reckonTokenAbi } as const;
  const [tokens, gas] = await Promise.all([
    chain.readContract({ ...token, functionName: 'balanceOf', args: [owner] }),
    chain.getBalance({ address: owner }),
  ]);
  if (tokens < amount) {
    const [expected, received] = [formatAmount(amount, config.token), formatAmount(tokens, config.token)];
    throw new ReckonError('BALANCE_TOO_SMALL', { account: owner, what: 'the token', expected, received });
  }
  if (gas === 0n) {
    const details = { account: owner, what: 'gas money (ETH)', expected: 'some', received: '0' };
    throw new ReckonError('BALANCE_TOO_SMALL', details);
  }
}

/** An ERC-2612 permit; undefined where the token has none or the wallet is a contract, which cannot sign one. */
async function signPermit({ wallet, chain, config }: FundJob, value: bigint) {
  const owner = walletAddress(wallet);
  const token = { address: config.contracts.token, abi: reckonTokenAbi } as const;
  const facts = await Promise.all([
    chain.readContract({ ...token, functionName: 'eip712Domain' }),
    chain.readContract({ ...token, functionName: 'nonces', args: [owner] }),
    chain.getBlock(),
    chain.getCode({ address: owner }),
  ]).catch(() => undefined); // no such functions: a token without permits
  if (facts === undefined) return undefined;
  const [[, name, version], nonce, block, code] = facts;
  if (code !== undefined && code !== '0x') return undefined;
  const deadline = block.timestamp + PERMIT_SECONDS;
  const signature = await wallet.signTypedData({
    account: wallet.account,
    domain: { name, version, chainId: config.chainId, verifyingContract: config.contracts.token },
    types: permitTypes,
    primaryType: 'Permit',
    message: { owner, spender: config.contracts.escrow, value, nonce, deadline },
  });
  const { r, s, v, yParity } = parseSignature(signature);
  return { deadline, r, s, v: Number(v ?? BigInt(yParity + 27)) };
}

async function approve({ wallet, chain, config }: FundJob, amount: bigint): Promise<void> {
  const token = { address: config.contracts.token, abi: reckonTokenAbi } as const;
  const args = [walletAddress(wallet), config.contracts.escrow] as const;
  const allowance = await chain.readContract({ ...token, functionName: 'allowance', args });
  if (allowance >= amount) return;
  const write = () =>
    wallet.writeContract({
      ...token,
      account: wallet.account,
      chain: wallet.chain,
      functionName: 'approve',
      args: [config.contracts.escrow, amount],
    });
  await sendAndWait(chain, write, 'ReckonToken');
}
