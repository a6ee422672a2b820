import type { Wei } from '@reckon/protocol/base/units';
import { createContext, useContext } from 'react';
import { formatAmount, formatMoney, type TokenUnit } from './format.ts';
import './money.css';

const fallback: TokenUnit = { symbol: 'tokens', decimals: 18, test: false };
/** The token of the relay this page talks to. */
export const TokenContext = createContext<TokenUnit>(fallback);
export const useToken = (): TokenUnit => useContext(TokenContext);

/** An amount with its unit; the exact amount stands in the title. */
export function Money(props: { wei: Wei | string; bare?: boolean; mark?: boolean }) {
  const token = useToken();
  const wei = BigInt(props.wei);
  return (
    <span className="money" title={`${formatAmount(wei, token.decimals, 2, token.decimals)} ${token.symbol}`}>
      {props.bare ? formatAmount(wei, token.decimals) : formatMoney(wei, token)}
      {props.mark && token.test && <TestMoney />}
    </span>
  );
}

/** Test money is marked wherever it is first met on a page. */
export function TestMoney() {
  return <span className="test-money">test money</span>;
}
