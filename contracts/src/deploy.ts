import type { Address } from '@reckon/protocol/base/ids';
import type { Abi, Account, Chain, Hex, PublicClient, Transport, WalletClient } from 'viem';
import { jobEscrowAbi, jobEscrowBytecode } from './abi/job-escrow.ts';
import { reckonTokenAbi, reckonTokenBytecode } from './abi/reckon-token.ts';
import { settlementAbi, settlementBytecode } from './abi/settlement.ts';

/** Where the contracts stand, in lower case. */
export interface Deployment {
  token: Address;
  escrow: Address;
  settlement: Address;
}

export interface DeployOptions {
  /** Pays for the deployment. It keeps no power afterwards. */
  walletClient: WalletClient<Transport, Chain | undefined, Account>;
  publicClient: PublicClient;
  /** Posts epochs and hands out test money. */
  operator: Hex;
  /** Time between an epoch's posting and its first claim. */
  challengeWindowSeconds: number;
  /** Time after an order's expiry in which a last epoch may still charge it; longer than an epoch. */
  graceSeconds: number;
}

/** Deploys the three contracts and joins them. Sends four transactions, each after the one before is mined. */
export async function deployContracts(options: DeployOptions): Promise<Deployment> {
  const { walletClient, publicClient, operator, challengeWindowSeconds, graceSeconds } = options;
  const shared = { account: walletClient.account, chain: walletClient.chain };

  async function deploy(abi: Abi, bytecode: Hex, args: readonly unknown[]): Promise<Address> {
    const hash = await walletClient.deployContract({ ...shared, abi, bytecode, args });
    const { contractAddress } = await publicClient.waitForTransactionReceipt({ hash });
    return (contractAddress as Hex).toLowerCase() as Address; // a creation's receipt always has it
  }

  const token = await deploy(reckonTokenAbi, reckonTokenBytecode, [operator]);
  const settlement = await deploy(settlementAbi, settlementBytecode, [token, operator, challengeWindowSeconds]);
  const escrow = await deploy(jobEscrowAbi, jobEscrowBytecode, [token, settlement, graceSeconds]);
  const hash = await walletClient.writeContract({
    ...shared,
    address: settlement,
    abi: settlementAbi,
    functionName: 'setEscrow',
    args: [escrow],
  });
  await publicClient.waitForTransactionReceipt({ hash });
  return { token, escrow, settlement };
}
