/** What the rules expected of an entry that they ignore, for the reasons that point at somebody's hand. */
const expectations: Readonly<Record<string, { what: string; expected: string }>> = {
  'not-opened': { what: 'the entry', expected: 'a journal that begins with shard.opened' },
  'already-open': { what: 'the entry', expected: 'one shard.opened, at the beginning' },
  'job-id-mismatch': { what: 'the job’s id', expected: 'the hash of its order' },
  'other-secret': { what: 'the opened secret', expected: 'the one that was committed to' },
  'other-beacon': { what: 'the beacon', expected: 'the newest block that was entered' },
  'epoch-out-of-order': { what: 'the epoch’s number', expected: 'the next one' },
  'opened-other-seal': { what: 'an opened result', expected: 'the one that was sealed' },
  'opened-other-tag': { what: 'an opened result', expected: 'the one its tag names' },
  'opened-other-traceRoot': { what: 'an opened result', expected: 'the chunks that were revealed' },
  'opened-other-inputDigest': { what: 'an opened result', expected: 'one of this unit’s input' },
  'opened-other-kernelDigest': { what: 'an opened result', expected: 'one of the job’s kernel' },
  'opened-other-workUnitId': { what: 'an opened result', expected: 'one of this unit' },
  'opening-invalid': { what: 'a chunk’s opening', expected: 'a path to the revealed root' },
  'results-missing': { what: 'the opened results', expected: 'all that were revealed' },
  'certificate-missing': { what: 'the certificate', expected: 'the outcome of a check that the rules ask for' },
};

/** Details for an entry that the rules ignore: a journal holds only what changed something. */
export function refusalOf(reason: string): { what: string; expected: string; received: string } {
  const known = expectations[reason];
  return known === undefined
    ? { what: 'the entry', expected: 'one that the rules take', received: `one that they ignore (${reason})` }
    : { ...known, received: `something else (${reason})` };
}
