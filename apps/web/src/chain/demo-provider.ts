import type { Hex } from '@reckon/protocol/base/bytes';
import {
  type Account,
  type Chain,
  createWalletClient,
  type EIP1193RequestFn,
  hexToBigInt,
  http,
  isHex,
  numberToHex,
  ProviderRpcError,
  type SignTypedDataParameters,
} from 'viem';

/** Methods of EIP-1193 answered here; all others, which only read, go to the chain. */
type Request = { method: string; params?: unknown };

const invalid = (message: string): ProviderRpcError =>
  new ProviderRpcError(new Error(message), { code: -32602, shortMessage: message });

interface TransactionFields {
  to?: Hex;
  data?: Hex;
  value?: Hex;
  gas?: Hex;
}

/**
 * An EIP-1193 provider that signs with a key held here and sends raw transactions: a wallet for test money, without a
 * prompt. The chain never sees anything but signed transactions.
 */
export function createDemoProvider(account: Account, chain: Chain): { request: EIP1193RequestFn } {
  const wallet = createWalletClient({ account, chain, transport: http() });
  const send = ({ to, data, value, gas }: TransactionFields): Promise<Hex> =>
    wallet.sendTransaction({
      ...(to === undefined ? {} : { to }),
      ...(data === undefined ? {} : { data }),
      ...(value === undefined ? {} : { value: hexToBigInt(value) }),
      ...(gas === undefined ? {} : { gas: hexToBigInt(gas) }),
    });

  async function request({ method, params }: Request): Promise<unknown> {
    const list = Array.isArray(params) ? (params as unknown[]) : [];
    switch (method) {
      case 'eth_accounts':
      case 'eth_requestAccounts':
        return [account.address];
      case 'eth_chainId':
        return numberToHex(chain.id);
      case 'wallet_switchEthereumChain':
        if ((list[0] as { chainId?: string } | undefined)?.chainId === numberToHex(chain.id)) return null;
        throw new ProviderRpcError(new Error('unknown chain'), {
          code: 4902,
          shortMessage: 'The demo wallet knows one chain.',
        });
      case 'personal_sign': {
        if (!isHex(list[0])) throw invalid('personal_sign takes the message as hex.');
        return wallet.signMessage({ message: { raw: list[0] } });
      }
      case 'eth_signTypedData_v4': {
        const data = JSON.parse(String(list[1])) as SignTypedDataParameters & { types: Record<string, unknown> };
        const { EIP712Domain: _domain, ...types } = data.types; // viem derives it from the domain
        return wallet.signTypedData({ ...data, types, account });
      }
      case 'eth_sendTransaction':
        return send(list[0] as TransactionFields);
      default:
        return wallet.request({ method, params: list } as Parameters<typeof wallet.request>[0]);
    }
  }
  return { request: request as EIP1193RequestFn };
}
