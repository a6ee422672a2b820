import type { Wei } from '@reckon/protocol/base/units';
import { formatUnits, parseUnits } from 'viem';

/** "0.01" with 18 decimals → 10^16. The text must be a decimal number; a job file's schema has seen to it. */
export const parseAmount = (text: string, decimals: number): Wei => parseUnits(text, decimals);

/** An amount with its symbol, as people read it: "1.24 tRKN". Exact: no digit is rounded away. */
export const formatAmount = (amount: Wei, token: { symbol: string; decimals: number }): string =>
  `${formatUnits(amount, token.decimals)} ${token.symbol}`;
