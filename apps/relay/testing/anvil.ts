import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { jobEscrowAbi } from '@reckon/contracts/abi/job-escrow';
import { reckonTokenAbi } from '@reckon/contracts/abi/reckon-token';
import { type Deployment, deployContracts } from '@reckon/contracts/deploy';
import type { JobOrder } from '@reckon/protocol/model/job-order';
import {
  type Chain,
  createPublicClient,
  createWalletClient,
  type Hex,
  http,
  type HttpTransport,
  type PublicClient,
} from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { foundry as chain } from 'viem/chains';

const MNEMONIC = 'test test test test test test test test test test test junk';
const ARCHITECTURE: Record<string, string> = { x64: 'amd64', arm64: 'arm64' };

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const keyOf = (index: number): `0x${string}` => {
  const bytes = mnemonicToAccount(MNEMONIC, { addressIndex: index }).getHdKey().privateKey as Uint8Array;
  return `0x${Buffer.from(bytes).toString('hex')}`;
};

/** A real chain in a child process with the contracts deployed; account 0 is the operator, 1 the requester. */
export interface Anvil {
  rpcUrl: string;
  chainId: number;
  contracts: Deployment;
  publicClient: PublicClient<HttpTransport, Chain>;
  operatorKey: Hex;
  requesterKey: Hex;
  /** Mints, approves and funds the whole budget. */
  fund(order: JobOrder): Promise<void>;
  stop(): Promise<void>;
}

export async function startAnvil(): Promise<Anvil> {
  const port = await freePort();
  // The platform's own binary, so that signals reach it; it lies beside the package that depends on it.
  const anvilPackage = import.meta.resolve('@foundry-rs/anvil/package.json');
  const name = `@foundry-rs/anvil-${process.platform}-${ARCHITECTURE[process.arch]}/package.json`;
  const program = join(dirname(createRequire(anvilPackage).resolve(name)), 'bin', 'anvil');
  const args = ['--host', '127.0.0.1', '--port', String(port), '--block-time', '1', '--mixed-mining', '--silent'];
  const child: ChildProcess = spawn(program, [...args, '--mnemonic', MNEMONIC], { stdio: 'ignore' });
  const rpcUrl = `http://127.0.0.1:${port}`;
  const transport = http(rpcUrl);
  const publicClient: Anvil['publicClient'] = createPublicClient({
    chain,
    transport,
    pollingInterval: 50,
    cacheTime: 0,
  });
  const wallet = (index: number) =>
    createWalletClient({ chain, transport, account: mnemonicToAccount(MNEMONIC, { addressIndex: index }) });
  for (let tries = 0; ; tries++) {
    try {
      await publicClient.getBlockNumber();
      break;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const [operator, requester] = [wallet(0), wallet(1)];
  const contracts = await deployContracts({
    walletClient: operator,
    publicClient,
    operator: operator.account.address,
    challengeWindowSeconds: 1,
    graceSeconds: 3600,
  });
  const wait = async (hash: `0x${string}`) => await publicClient.waitForTransactionReceipt({ hash });
  return {
    rpcUrl,
    chainId: chain.id,
    contracts,
    publicClient,
    operatorKey: keyOf(0),
    requesterKey: keyOf(1),
    async fund(order) {
      const { token, escrow } = contracts;
      const mint = [requester.account.address, order.budget] as const;
      await wait(
        await operator.writeContract({ address: token, abi: reckonTokenAbi, functionName: 'mint', args: mint }),
      );
      const approve = [escrow, order.budget] as const;
      const approval = { address: token, abi: reckonTokenAbi, functionName: 'approve', args: approve } as const;
      await wait(await requester.writeContract(approval));
      const args = [{ ...order, expiresAt: BigInt(order.expiresAt) }, order.budget] as const;
      await wait(await requester.writeContract({ address: escrow, abi: jobEscrowAbi, functionName: 'fund', args }));
    },
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
