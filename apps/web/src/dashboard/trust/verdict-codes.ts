/** What a coded verdict means to the person whose node got it. The page /verdicts shows all; docs/verification.md refers to it. */
export interface VerdictText {
  code: string;
  /** In a few words, for a line of a list. */
  title: string;
  /** What happened and how it was found out. */
  what: string;
  /** What follows from it for the unit, the reward and the node. */
  follows: string;
  /** What to do. */
  next: string;
}

const verdictTexts = [
  {
    code: 'CERTIFICATE_REJECTED',
    title: 'Failed its kernel’s check',
    what: 'The relay checked the result with random numbers that nobody knew before the result was sealed. A right result always passes this check.',
    follows:
      'The result is not accepted and pays nothing. The node, or the wallet it is linked to, gets no work for a time.',
    next: 'If this device computes for others too, look for a fault: unstable memory, an overclocked processor or graphics chip, a faulty driver. Turning off the graphics chip in Limits is a quick test.',
  },
  {
    code: 'CHUNK_WRONG',
    title: 'A recomputed chunk came out differently',
    what: 'Another node recomputed some chunks of the result after it was sealed and found a difference. The relay computed that chunk itself to see which of the two was right.',
    follows:
      'The result is not accepted and pays nothing. The node, or the wallet it is linked to, gets no work for a time.',
    next: 'The job’s page shows which chunks were checked. The same kernel gives the same bytes on every sound device, so a difference points at a faulty one.',
  },
  {
    code: 'CHECK_WRONG',
    title: 'A check named the wrong chunk',
    what: 'This node checked another’s result and said that a chunk differs. The relay computed that chunk itself, and it was right as it was.',
    follows:
      'The check does not count and pays nothing. The node, or the wallet it is linked to, gets no work for a time.',
    next: 'A check runs the same code as a unit, so the advice is the same: look for a fault of the device.',
  },
  {
    code: 'RESULT_OUTVOTED',
    title: 'Other nodes got another result',
    what: 'Several nodes computed the unit. Enough of them got one result, and this node’s was another.',
    follows:
      'The result pays nothing. Where the job only counts votes, the node’s reputation falls and nothing else follows: a vote does not show who was right. Where the job asks for a bound on wrong results, the node gets no work for a time.',
    next: 'Once is an accident. If it happens again, look for a fault of the device.',
  },
  {
    code: 'RESULT_VOIDED',
    title: 'Void, because another result was wrong',
    what: 'Another result of this node, or of a node linked to the same wallet, was found to be wrong while this one was not accepted yet.',
    follows:
      'What was not accepted by then is void and pays nothing; somebody else computes it. Accepted results that were paid before stay.',
    next: 'Look at the verdict that came before: it says what was found.',
  },
  {
    code: 'NODE_BARRED',
    title: 'Gets no work for a time',
    what: 'A result of this node, or of a node linked to the same wallet, was found to be wrong.',
    follows:
      'Until the date shown, it gets no units. Rewards that were still held back return to who paid for them. Afterwards it begins again like a newcomer: more of its results are checked at first.',
    next: 'Nothing has to be done. If you think that the device is sound, open the job of that unit: its result, seal and checks are in the public journal, where anyone can recompute them.',
  },
  {
    code: 'SEAL_MISMATCH',
    title: 'Not the result that was sealed',
    what: 'A node first sends a seal of its result and then opens it. What was opened here does not fit the seal.',
    follows: 'The result is not counted. Nothing else follows.',
    next: 'The node of this page never does this. If it happens here, reload the page; with a program of your own, send the same result, trace and salt that were sealed.',
  },
  {
    code: 'SEAL_REPEATED',
    title: 'A second, different seal',
    what: 'A seal for this unit had been entered already, and another one came. A seal cannot be changed: that is what it is for.',
    follows: 'The first seal stays. Nothing else follows.',
    next: 'After a connection that broke, the node sends the same seal again, which is fine. Two different ones mean that two programs use one key: give each its own.',
  },
  {
    code: 'REVEAL_WITHOUT_COMMIT',
    title: 'A result before its seal',
    what: 'A result came before its seal was entered. It is not read, so that nobody can wait for others’ results and copy one.',
    follows: 'The result is not counted. Nothing else follows.',
    next: 'The node of this page sends the seal first. With a program of your own, send commit, then reveal.',
  },
  {
    code: 'NO_QUORUM',
    title: 'No result was chosen',
    what: 'The unit took as many results as its job allows, and no result could be accepted.',
    follows:
      'Nobody is paid for the unit, and its requester is not charged. Nobody is blamed: it is not known who was right.',
    next: 'Nothing.',
  },
] as const satisfies readonly VerdictText[];

export type VerdictCode = (typeof verdictTexts)[number]['code'];

/** All of them, those that weigh most first. */
export const allVerdictTexts: readonly VerdictText[] = verdictTexts;

/** Words the machine ends replicas with, which are no error codes. */
const words: Readonly<Record<string, VerdictCode>> = { 'no-quorum': 'NO_QUORUM' };

/** The text of a code, or of a word that stands for one; undefined for anything else. */
export const verdictText = (code: string): VerdictText | undefined =>
  verdictTexts.find((text) => text.code === (words[code] ?? code));

/** Endings that need no page of their own. */
const plainWords: Readonly<Record<string, string>> = {
  'not-needed': 'decided without it',
  'job-ended': 'the job has ended',
  deadline: 'came too late',
  bye: 'the node left',
  lost: 'the node went away',
};
export const plainReason = (reason: string): string => plainWords[reason] ?? reason;
