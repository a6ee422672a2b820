import { type Hex, toHex, toUtf8 } from '@reckon/protocol/base/bytes';
import { keccak } from '@reckon/protocol/base/hash';

/** 32 bytes that look random and are the same on every run. */
export const drawWord = (label: string): Uint8Array => keccak(toUtf8(`reckon vectors: ${label}`));

export const drawAddress = (label: string): Hex => toHex(drawWord(label).slice(12));
