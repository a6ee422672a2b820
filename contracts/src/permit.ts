import type { Hex } from 'viem';

export interface PermitRequest {
  chainId: number;
  token: Hex;
  /** Whose money it is; signs. */
  owner: Hex;
  /** Who may take it: the escrow. */
  spender: Hex;
  /** In the token's smallest unit. */
  value: bigint;
  /** `nonces(owner)` of the token. */
  nonce: bigint;
  /** Unix seconds. */
  deadline: bigint;
}

/** What a wallet signs (ERC-2612) so that `JobEscrow.fundWithPermit` needs no approval transaction before it. */
export function toPermitTypedData(request: PermitRequest) {
  const { chainId, token, ...message } = request;
  return {
    domain: { name: 'Reckon Test Token', version: '1', chainId, verifyingContract: token },
    types: {
      Permit: [
        { name: 'owner', type: 'address' },
        { name: 'spender', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'Permit',
    message,
  } as const;
}
