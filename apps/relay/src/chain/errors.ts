import { ReckonError } from '@reckon/protocol/base/errors';
import { BaseError, ContractFunctionRevertedError, ExecutionRevertedError } from 'viem';

function revertReason(error: BaseError): string | undefined {
  const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
  if (reverted instanceof ContractFunctionRevertedError) {
    const { data, reason, signature } = reverted;
    return data === undefined
      ? (reason ?? signature ?? 'no reason')
      : `${data.errorName}(${(data.args ?? []).join(', ')})`;
  }
  const bare = error.walk((cause) => cause instanceof ExecutionRevertedError);
  return bare instanceof ExecutionRevertedError ? bare.shortMessage : undefined;
}

/** Runs a call on the chain; whatever it throws becomes CHAIN_REVERTED or CHAIN_UNREACHABLE. */
export async function onChain<T>(url: string, contract: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ReckonError) throw error;
    const reason = error instanceof BaseError ? revertReason(error) : undefined;
    if (reason !== undefined) throw new ReckonError('CHAIN_REVERTED', { contract, reason }, { cause: error });
    const cause = error instanceof BaseError ? error.shortMessage : String(error);
    throw new ReckonError(
      'CHAIN_UNREACHABLE',
      { url: new URL(url).origin, cause: cause.slice(0, 300) },
      { cause: error },
    );
  }
}
