import { Link } from 'wouter';
import { plainReason, verdictText } from './verdict-codes.ts';

/** A verdict's reason in words, with the way to its explanation. A reason without one is shown as it came. */
export function VerdictReason(props: { reason: string }) {
  const text = verdictText(props.reason);
  if (text === undefined) return plainReason(props.reason);
  return (
    <Link href={`/verdicts#${text.code}`} title={text.code}>
      {text.title}
    </Link>
  );
}
