/** Every coded verdict in a few words. What it means in full stands in docs/verification.md, which the page /verdicts shows. */
const titles = {
  CERTIFICATE_REJECTED: 'Failed its kernel’s check',
  CHUNK_WRONG: 'A recomputed chunk came out differently',
  CHECK_WRONG: 'A check named the wrong chunk',
  RESULT_OUTVOTED: 'Other nodes got another result',
  RESULT_VOIDED: 'Void, because another result was wrong',
  NODE_BARRED: 'Gets no work for a time',
  SEAL_MISMATCH: 'Not the result that was sealed',
  SEAL_REPEATED: 'A second, different seal',
  REVEAL_WITHOUT_COMMIT: 'A result before its seal',
  LEASE_EXPIRED: 'Came too late',
  NO_QUORUM: 'No result was chosen',
  CHECKPOINT_NOT_EXTENDED: 'The public log was rewritten',
} as const;

type VerdictCode = keyof typeof titles;

/** All of them, those that weigh most first. */
export const verdictTitles: { readonly [C in VerdictCode]: string } = titles;

/** Words the machine ends replicas with, which stand for a code. */
const words: Readonly<Record<string, VerdictCode>> = { 'no-quorum': 'NO_QUORUM', deadline: 'LEASE_EXPIRED' };

/** The code of a reason that has an explanation; undefined for any other. */
export function verdictCode(reason: string): VerdictCode | undefined {
  if (Object.hasOwn(titles, reason)) return reason as VerdictCode;
  return Object.hasOwn(words, reason) ? words[reason] : undefined;
}

/** Endings that need no page of their own. */
const plainWords: Readonly<Record<string, string>> = {
  'not-needed': 'decided without it',
  'job-ended': 'the job has ended',
  bye: 'the node left',
  lost: 'the node went away',
};
export const plainReason = (reason: string): string => plainWords[reason] ?? reason;
