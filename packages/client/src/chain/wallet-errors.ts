import { toChainError } from '@reckon/contracts/chain-errors';
import { ReckonError } from '@reckon/protocol/base/errors';
import { BaseError, HttpRequestError, InsufficientFundsError, TimeoutError, UserRejectedRequestError } from 'viem';

/** What a chain or wallet call is for, in words: "sign the order". */
export interface ChainCall {
  action: string;
  contract: string;
  account: string;
  url: string;
}

const walk = (error: unknown, matches: (cause: unknown) => boolean): boolean =>
  error instanceof BaseError ? error.walk(matches) !== null : matches(error);

const isRejection = (cause: unknown): boolean =>
  cause instanceof UserRejectedRequestError ||
  // Wallets that are not behind viem throw plain objects: EIP-1193 gives a person's refusal the code 4001.
  (typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 4001);

/** What viem or a wallet threw, as a coded refusal. */
export function toWalletError(error: unknown, call: ChainCall): ReckonError {
  if (error instanceof ReckonError) return error;
  if (walk(error, isRejection)) return new ReckonError('WALLET_REJECTED', { action: call.action }, { cause: error });
  if (walk(error, (cause) => cause instanceof InsufficientFundsError)) {
    const details = {
      account: call.account,
      what: 'gas money (ETH)',
      expected: 'enough for the transaction',
      received: 'less',
    };
    return new ReckonError('BALANCE_TOO_SMALL', details, { cause: error });
  }
  if (walk(error, (cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError)) {
    const cause = error instanceof BaseError ? error.shortMessage : String(error);
    return new ReckonError('CHAIN_UNREACHABLE', { url: call.url, cause }, { cause: error });
  }
  return toChainError(error, call.contract);
}

/** Runs a chain or wallet call and throws only ReckonErrors. */
export async function guarded<T>(call: ChainCall, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toWalletError(error, call);
  }
}
