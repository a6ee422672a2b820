import * as v from 'valibot';
import { concat, fromHex, type Hex, padWord, toUtf8, word } from './bytes.ts';
import { keccak } from './hash.ts';
import { Address } from './ids.ts';

/**
 * EIP-712 for the flat structs that are signed here (https://eips.ethereum.org/EIPS/eip-712). The table below is the one
 * definition: wallets sign from it, this file hashes from it, and the Solidity library is tested against its vectors.
 */
export const typedStructs = {
  JobOrder: [
    { name: 'requester', type: 'address' },
    { name: 'specDigest', type: 'bytes32' },
    { name: 'budget', type: 'uint256' },
    { name: 'expiresAt', type: 'uint64' },
    { name: 'salt', type: 'bytes32' },
  ],
  JobControl: [
    { name: 'jobId', type: 'bytes32' },
    { name: 'action', type: 'string' },
    { name: 'nonce', type: 'uint64' },
  ],
  Delegation: [
    { name: 'nodeKey', type: 'address' },
    { name: 'payoutAddress', type: 'address' },
    { name: 'scopes', type: 'string' },
    { name: 'expiry', type: 'uint64' },
  ],
  Consent: [
    { name: 'nodeKey', type: 'address' },
    { name: 'site', type: 'string' },
    { name: 'textVersion', type: 'string' },
    { name: 'grantedAt', type: 'uint64' },
    { name: 'expiresAt', type: 'uint64' },
  ],
  NodeHello: [
    { name: 'nodeKey', type: 'address' },
    { name: 'relayId', type: 'string' },
    { name: 'challenge', type: 'bytes32' },
  ],
  BatchAttestation: [
    { name: 'nodeKey', type: 'address' },
    { name: 'leavesRoot', type: 'bytes32' },
    { name: 'count', type: 'uint32' },
  ],
  CheckAnswer: [
    { name: 'nodeKey', type: 'address' },
    { name: 'workUnitId', type: 'bytes32' },
    { name: 'answersDigest', type: 'bytes32' },
  ],
  ConformanceReport: [
    { name: 'nodeKey', type: 'address' },
    { name: 'measuredAt', type: 'uint64' },
    { name: 'findingsDigest', type: 'bytes32' },
  ],
} as const;

export type StructName = keyof typeof typedStructs;

type FieldValue<T extends string> = T extends 'address' | 'bytes32'
  ? Hex
  : T extends 'string'
    ? string
    : bigint | number;
/** The message of a struct: one value per field. */
export type StructMessage<N extends StructName> = {
  [F in (typeof typedStructs)[N][number] as F['name']]: FieldValue<F['type']>;
};

export const TypedDomain = v.object({
  chainId: v.pipe(v.number(), v.integer(), v.minValue(1)),
  verifyingContract: Address,
});
/** `verifyingContract` is the Settlement contract. Name and version are fixed: "Reckon", "1". */
export type TypedDomain = v.InferOutput<typeof TypedDomain>;

/** The domain in the form wallets and viem take. */
export const toWalletDomain = (domain: TypedDomain) => ({ name: 'Reckon', version: '1', ...domain });

const hashText = (text: string): Uint8Array => keccak(toUtf8(text));

const DOMAIN_TYPE = hashText('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)');

export function hashDomain(domain: TypedDomain): Uint8Array {
  const fields = [hashText('Reckon'), hashText('1'), word(domain.chainId), padWord(domain.verifyingContract)];
  return keccak(concat(DOMAIN_TYPE, ...fields));
}

function encodeField(type: string, value: Hex | string | bigint | number): Uint8Array {
  if (type === 'string') return hashText(value as string);
  if (type === 'address') return padWord(value as Hex);
  if (type === 'bytes32') return fromHex(value as Hex);
  return word(value as bigint | number);
}

export function hashStruct<N extends StructName>(name: N, message: StructMessage<N>): Uint8Array {
  const fields = typedStructs[name];
  const type = hashText(`${name}(${fields.map((field) => `${field.type} ${field.name}`).join(',')})`);
  const values = message as Record<string, Hex | string | bigint | number>;
  return keccak(concat(type, ...fields.map((field) => encodeField(field.type, values[field.name] as Hex))));
}

/** The 32 bytes that are signed: keccak256(0x1901 ‖ domain ‖ struct). */
export function hashTypedData<N extends StructName>(
  domain: TypedDomain,
  name: N,
  message: StructMessage<N>,
): Uint8Array {
  return keccak(concat(Uint8Array.of(0x19, 0x01), hashDomain(domain), hashStruct(name, message)));
}
