import { makeMerkleVectors, makeSettlementVectors, makeTypedDataVectors } from './vectors.ts';

export const VECTORS_FOLDER = new URL('../../packages/protocol/vectors/', import.meta.url);

const render = (value: unknown): string =>
  `${JSON.stringify(value, (_key, field: unknown) => (typeof field === 'bigint' ? field.toString() : field), 2)}\n`;

/** Each shared vector file with the text it should have. */
export const vectorFiles = {
  'typed-data.json': () => render(makeTypedDataVectors()),
  'merkle.json': () => render(makeMerkleVectors()),
  'settlement.json': () => render(makeSettlementVectors()),
} as const;
