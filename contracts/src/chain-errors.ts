import { ReckonError, toReckonError } from '@reckon/protocol/base/errors';
import { BaseError, ContractFunctionRevertedError, decodeErrorResult, type Hex, RawContractError, isHex } from 'viem';
import { jobEscrowAbi } from './abi/job-escrow.ts';
import { reckonTokenAbi } from './abi/reckon-token.ts';
import { settlementAbi } from './abi/settlement.ts';

/** A custom error of the contracts as it came out of a call, whichever contract was called. */
export interface ChainRevert {
  contract: string;
  /** Name as in Errors.sol, such as `Settlement_NothingToClaim`. */
  name: string;
  args: readonly unknown[];
  /** One readable clause. */
  reason: string;
}

// An error of the escrow or the token comes up through the settlement, whose own ABI does not list it.
const errorAbi = [...settlementAbi, ...jobEscrowAbi, ...reckonTokenAbi].filter((entry) => entry.type === 'error');

const at = (seconds: unknown): string => new Date(Number(seconds) * 1000).toISOString();

/** Words for the errors a person can meet; the others are shown as name and values. */
const reasons: Record<string, (args: readonly unknown[]) => string> = {
  JobEscrow_CallerNotSettlement: ([caller, settlement]) =>
    `only the settlement ${settlement} may do this, not ${caller}`,
  JobEscrow_RequesterMissing: ([jobId]) => `the order of job ${jobId} names no requester`,
  JobEscrow_AmountZero: ([jobId]) => `job ${jobId} cannot be funded with nothing`,
  JobEscrow_OrderExpired: ([jobId, expiresAt]) =>
    `the order of job ${jobId} expired at ${at(expiresAt)}; order it anew`,
  JobEscrow_BudgetExceeded: ([jobId, budget, funded]) =>
    `job ${jobId} may spend ${budget}, but would hold ${funded}; put in less`,
  JobEscrow_PermitRejected: ([funder, allowance, amount]) =>
    `the permit of ${funder} was refused and its allowance is ${allowance}, not ${amount}; sign it again`,
  JobEscrow_JobUnknown: ([jobId]) => `job ${jobId} was never funded`,
  JobEscrow_JobClosed: ([jobId]) => `job ${jobId} is closed and its remainder was returned`,
  JobEscrow_ReleaseTooLarge: ([jobId, remaining, amount]) =>
    `job ${jobId} has ${remaining} left in escrow, but ${amount} was charged`,
  JobEscrow_NotRefundable: ([jobId, refundableAt]) => `job ${jobId} can be refunded from ${at(refundableAt)}`,
  Settlement_CallerNotOperator: ([caller, operator]) => `only the operator ${operator} may post epochs, not ${caller}`,
  Settlement_EpochOutOfOrder: ([expected, got]) => `epoch ${expected} was expected, got ${got}`,
  Settlement_TooManyCharges: ([limit, got]) => `an epoch may carry ${limit} charges, got ${got}; post the rest later`,
  Settlement_TotalDecreased: ([before, got]) => `the sum of claims was ${before} and cannot fall to ${got}`,
  Settlement_TotalExceedsReleased: ([available, got]) =>
    `claims of ${got} in all, but only ${available} left escrow or was covered; cover the difference of ${
      BigInt(got as bigint) - BigInt(available as bigint)
    }`,
  Settlement_AmountZero: () => 'nothing cannot cover anything; give an amount',
  Settlement_EpochUnknown: ([epoch, last]) => `epoch ${epoch} was not posted; the newest is ${last}`,
  Settlement_EpochNotFinal: ([epoch, finalAt]) => `epoch ${epoch} can be claimed from ${at(finalAt)}`,
  Settlement_PathInvalid: ([epoch, account, cumulative]) =>
    `epoch ${epoch} does not say that ${account} earned ${cumulative}`,
  Settlement_NothingToClaim: ([account, , claimed]) => `${account} was already paid ${claimed}; nothing new to claim`,
  Settlement_ClaimsExceedTotal: ([total, got]) => `claims would sum to ${got}, but the epoch declared ${total}`,
  ERC20InsufficientBalance: ([account, balance, needed]) => `${account} has ${balance} tokens, ${needed} are needed`,
  ERC20InsufficientAllowance: ([spender, allowance, needed]) =>
    `${spender} may take ${allowance} tokens, ${needed} are needed; approve or sign a permit`,
  OwnableUnauthorizedAccount: ([caller]) => `only the owner may do this, not ${caller}`,
};

function revertData(error: BaseError): Hex | undefined {
  const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
  if (reverted instanceof ContractFunctionRevertedError && reverted.raw !== undefined) return reverted.raw;
  const raw = error.walk((cause) => cause instanceof RawContractError);
  const data = raw instanceof RawContractError ? raw.data : undefined;
  const bytes = typeof data === 'object' ? data.data : data;
  return isHex(bytes) ? bytes : undefined;
}

/** Which contract an error is declared by; undefined for those of shared libraries. */
function ownerOf(errorName: string): string | undefined {
  if (/^(ERC20|ERC2612|Ownable)/.test(errorName)) return 'ReckonToken';
  return errorName.includes('_') ? errorName.split('_')[0] : undefined;
}

/** Decodes what the contracts reverted with; undefined for empty data, a plain text or panic, or a foreign selector. */
function decode(data: Hex): { errorName: string; args: readonly unknown[] } | undefined {
  try {
    // An error without arguments comes without the list that viem's type promises for this ABI.
    const decoded: { errorName: string; args?: readonly unknown[] } = decodeErrorResult({ abi: errorAbi, data });
    const { errorName, args = [] } = decoded;
    // viem knows Solidity's own two beside the ABI; they say nothing of which contract it was.
    return ['Error', 'Panic'].includes(errorName) ? undefined : { errorName, args };
  } catch (cause) {
    if (cause instanceof BaseError) return undefined;
    throw cause;
  }
}

/** The custom error behind what viem threw in a call of `contract`; undefined when it is not one of our contracts'. */
export function toChainRevert(error: unknown, contract: string): ChainRevert | undefined {
  const data = error instanceof BaseError ? revertData(error) : undefined;
  const decoded = data === undefined ? undefined : decode(data);
  if (decoded === undefined) return undefined;
  const { errorName, args } = decoded;
  const reason = reasons[errorName]?.(args) ?? `${errorName}(${args.join(', ')})`;
  return { contract: ownerOf(errorName) ?? contract, name: errorName, args, reason };
}

/** A wallet's or node's words may carry the whole request; a person needs the sentence. */
const brief = (text: string): string => {
  const [first = ''] = text.split(/\n| (?=Request body|Request Arguments|URL:)/);
  const details = /Details: (.+?)(?: Version:|\n|$)/.exec(text)?.[1];
  return (details ?? first).slice(0, 200);
};

/** What viem threw in a call of `contract` as CHAIN_REVERTED with a readable reason; anything but a revert by `toReckonError`. */
export function toChainError(error: unknown, contract: string): ReckonError {
  const known = toChainRevert(error, contract);
  if (known !== undefined) {
    return new ReckonError('CHAIN_REVERTED', { contract: known.contract, reason: known.reason }, { cause: error });
  }
  const revert = error instanceof BaseError ? error.walk((e) => e instanceof ContractFunctionRevertedError) : null;
  if (revert instanceof ContractFunctionRevertedError) {
    const reason = brief(revert.reason ?? revert.signature ?? 'no reason given');
    return new ReckonError('CHAIN_REVERTED', { contract, reason }, { cause: error });
  }
  return toReckonError(error);
}
