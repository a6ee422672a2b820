import { Link } from 'wouter';
import { plainReason, verdictCode, verdictTitles } from './verdict-codes.ts';

/** A verdict's reason in words, with the way to its explanation. A reason without one is shown as it came. */
export function VerdictReason(props: { reason: string }) {
  const code = verdictCode(props.reason);
  if (code === undefined) return plainReason(props.reason);
  return (
    <Link href={`/verdicts#${code}`} title={code}>
      {verdictTitles[code]}
    </Link>
  );
}
