import * as v from 'valibot';
import { concat, padWord, word } from '../base/bytes.ts';
import { Address } from '../base/ids.ts';
import { hashLeaf } from '../base/merkle.ts';
import { Wei } from '../base/units.ts';

/** Everything an account has ever earned, up to an epoch; claiming pays what was not yet paid. */
export const CumulativeClaim = v.strictObject({ account: Address, cumulative: Wei });
export type CumulativeClaim = v.InferOutput<typeof CumulativeClaim>;

/** abi.encode(address account, uint256 cumulative), hashed twice. */
export const hashClaimLeaf = (claim: CumulativeClaim): Uint8Array =>
  hashLeaf(concat(padWord(claim.account), word(claim.cumulative)));
