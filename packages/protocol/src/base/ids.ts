import * as v from 'valibot';
import type { Hex } from './bytes.ts';

const hex = (bytes: number) =>
  v.pipe(
    v.string(),
    v.length(2 + 2 * bytes, `0x and ${2 * bytes} hex digits`),
    v.regex(/^0x[0-9a-f]*$/, 'lower-case hex digits after 0x'),
    v.transform((text) => text as Hex),
  );

/** Any 32-byte hash. */
export const Hash = hex(32);
export type Hash = v.InferOutput<typeof Hash>;

/** EIP-712 struct hash of the requester's `JobOrder`. */
export const JobId = v.pipe(hex(32), v.brand('JobId'));
export type JobId = v.InferOutput<typeof JobId>;

/** keccak256(jobId ‖ u32 stage ‖ u32 index). */
export const WorkUnitId = v.pipe(hex(32), v.brand('WorkUnitId'));
export type WorkUnitId = v.InferOutput<typeof WorkUnitId>;

/** SHA-256 of a blob's bytes: its name in every store. */
export const BlobDigest = v.pipe(hex(32), v.brand('BlobDigest'));
export type BlobDigest = v.InferOutput<typeof BlobDigest>;

/** SHA-256 of a result's bytes; the result is stored as the blob of that digest. */
export const ResultDigest = BlobDigest;
export type ResultDigest = BlobDigest;

/** SHA-256 over a kernel's manifest and code. */
export const KernelDigest = v.pipe(hex(32), v.brand('KernelDigest'));
export type KernelDigest = v.InferOutput<typeof KernelDigest>;

/** An EVM address in lower case. */
export const Address = v.pipe(hex(20), v.brand('Address'));
export type Address = v.InferOutput<typeof Address>;

/** A node is named by the EVM address of its session key. */
export const NodeId = v.pipe(hex(20), v.brand('NodeId'));
export type NodeId = v.InferOutput<typeof NodeId>;

/** secp256k1 signature, r ‖ s ‖ v with v 27 or 28. */
export const Signature = v.pipe(hex(65), v.brand('Signature'));
export type Signature = v.InferOutput<typeof Signature>;

/** A signature of a wallet, which may be a contract with a longer one (EIP-1271); at most 4 kB. */
export const WalletSignature = v.pipe(
  v.string(),
  v.minLength(4),
  v.maxLength(8194),
  v.regex(/^0x([0-9a-f]{2})+$/, 'lower-case hex bytes after 0x'),
  v.transform((text) => text as Hex),
);
export type WalletSignature = v.InferOutput<typeof WalletSignature>;

/** First 8 bytes of a keyed hash of a network prefix: tells networks apart without telling where they are. */
export const NetworkTag = hex(8);
export type NetworkTag = v.InferOutput<typeof NetworkTag>;
