import { readFileSync } from 'node:fs';
import { fromHex } from '@reckon/protocol/base/bytes';
import { verifyMembership } from '@reckon/protocol/base/merkle';
import { type StructName, toWalletDomain, typedStructs } from '@reckon/protocol/base/typed-data';
import {
  encodeAbiParameters,
  hashDomain,
  hashStruct,
  hashTypedData,
  type Hex,
  keccak256,
  parseAbiParameters,
} from 'viem';
import { expect, test } from 'vitest';
import { typedDomains, typedMessages } from './vector-inputs.ts';
import { VECTORS_FOLDER, vectorFiles } from './vector-files.ts';
import { makeMerkleVectors, makeSettlementVectors, makeTypedDataVectors } from './vectors.ts';

const structNames = Object.keys(typedStructs) as StructName[];
const committed = (name: string): string => readFileSync(new URL(name, VECTORS_FOLDER), 'utf8');

test.each(Object.entries(vectorFiles))('the committed %s is what TypeScript makes now', (name, render) => {
  // By value: the formatter decides on the committed file's line breaks.
  expect(JSON.parse(committed(name))).toEqual(JSON.parse(render()));
});

test('viem separates the domains as we do', () => {
  const { domains } = makeTypedDataVectors();
  const types = {
    EIP712Domain: [
      { name: 'name', type: 'string' },
      { name: 'version', type: 'string' },
      { name: 'chainId', type: 'uint256' },
      { name: 'verifyingContract', type: 'address' },
    ],
  } as const;
  const separators = typedDomains.map((domain) =>
    hashDomain({ domain: { ...toWalletDomain(domain), chainId: BigInt(domain.chainId) }, types }),
  );
  expect(domains.map(({ separator }) => separator)).toEqual(separators);
});

test.each(structNames)('viem hashes every %s as we do', (name) => {
  const vectors = makeTypedDataVectors().structs[name];
  expect(vectors.length).toBeGreaterThanOrEqual(2);
  for (const [index, message] of typedMessages[name].entries()) {
    // viem derives the message's type from a literal `types`; here it comes from a table by name.
    const typed = { types: typedStructs, primaryType: name, message } as never;
    expect(vectors[index]?.structHash).toBe(hashStruct({ ...(typed as object), data: message } as never));
    const digests = typedDomains.map((domain) =>
      hashTypedData({ ...(typed as object), domain: toWalletDomain(domain) } as never),
    );
    expect(vectors[index]?.digests).toEqual(digests);
  }
});

const hashTwice = (encoded: Hex): Hex => keccak256(keccak256(encoded));

test('the leaves are abi.encode of their fields, hashed twice', () => {
  const { claims, receipts, results } = makeMerkleVectors();
  for (const claim of claims) {
    const encoded = encodeAbiParameters(parseAbiParameters('address, uint256'), [claim.account, claim.cumulative]);
    expect(claim.leaf).toBe(hashTwice(encoded));
  }
  for (const { workUnitId, jobId, nodeId, resultDigest, reward, epoch, leaf } of receipts) {
    const types = parseAbiParameters('bytes32, bytes32, address, bytes32, uint256, uint64');
    const values = [workUnitId, jobId, nodeId, resultDigest, reward, BigInt(epoch)] as const;
    expect(leaf).toBe(hashTwice(encodeAbiParameters(types, values)));
  }
  for (const { workUnitId, kernelDigest, inputDigest, resultDigest, traceRoot, leaf } of results) {
    const types = parseAbiParameters('bytes32, bytes32, bytes32, bytes32, bytes32');
    const values = [workUnitId, kernelDigest, inputDigest, resultDigest, traceRoot] as const;
    expect(leaf).toBe(hashTwice(encodeAbiParameters(types, values)));
  }
});

test('every path of the trees leads to the root, and to no other', () => {
  for (const { leaves, root, paths } of makeMerkleVectors().trees) {
    for (const [index, leaf] of leaves.entries()) {
      const path = (paths[index] as Hex[]).map(fromHex);
      expect(verifyMembership(fromHex(root), fromHex(leaf), path)).toBe(true);
      expect(verifyMembership(new Uint8Array(32), fromHex(leaf), path)).toBe(false);
    }
  }
});

test('in the settlement vectors what is charged and what returns is what was funded', () => {
  const { jobs, epochs } = makeSettlementVectors();
  const charges = epochs.flatMap((epoch) => epoch.charges);
  for (const { jobId, funded, remainderReturned, order } of jobs) {
    const own = charges.filter((charge) => charge.jobId === jobId);
    const spent = own.reduce((sum, charge) => sum + charge.amount, 0n);
    const closed = own.some((charge) => charge.closing);
    expect(closed ? spent + remainderReturned : remainderReturned).toBe(closed ? funded : 0n);
    expect(funded).toBeLessThanOrEqual(order.budget);
  }
  const charged = charges.reduce((sum, charge) => sum + charge.amount, 0n);
  expect(epochs.at(-1)?.totalCumulative).toBeLessThanOrEqual(charged);
});
