import { hash } from 'node:crypto';
import { toHex } from '@reckon/protocol/base/bytes';
import { createReplay } from '@reckon/protocol/audit/replay';
import { encodeEntry, type SpecSource } from '@reckon/protocol/journal/entry-codec';
import { appendToLog, EMPTY_LOG, rootOfLog } from '@reckon/protocol/journal/log-tree';
import type { JobSpec } from '@reckon/protocol/model/job-spec';
import { SESSIONS } from './churns.ts';
import { SCHEMES } from './schemes.ts';
import { colluding } from './strategies/gang.ts';
import { createWorld } from './world.ts';

const LEAF = Uint8Array.of(0);

/** The journal of a run, as a relay would serve it. */
function record(seed: number, units: number) {
  const entries: Uint8Array[] = [];
  const specs = new Map<string, JobSpec>();
  let log = EMPTY_LOG;
  const world = createWorld({
    seed,
    volunteers: 100,
    units,
    jobUnits: 1000,
    scheme: SCHEMES[seed % SCHEMES.length] as (typeof SCHEMES)[number],
    churn: SESSIONS,
    saboteurs: 0.05,
    strategy: colluding(0.3),
    sealEveryMs: 30_000,
    wallets: true,
    journalRoot: () => toHex(rootOfLog(log)),
    onEvent(event, result) {
      if (result.ignored !== undefined) return;
      if (event.type === 'job.posted') specs.set(event.order.specDigest, event.spec);
      const entry = encodeEntry(event);
      entries.push(entry);
      log = appendToLog(log, entry);
    },
  });
  world.run();
  const specOf: SpecSource = (digest) => specs.get(digest) as JobSpec;
  return { entries, specOf };
}

/**
 * How fast an auditor replays journals of runs under all policies, `count` entries at least: parsed, hashed into the log's
 * tree (by the system's SHA-256, as the command line does), stepped, draws repeated. Signatures are placeholders here and
 * not checked.
 */
export function measureReplay(count: number): { entries: number; perSecond: number } {
  let entries = 0;
  let ms = 0;
  for (let seed = 0; entries < count; seed++) {
    const journal = record(seed, Math.min(4000, Math.ceil(count / 40)));
    const began = process.threadCpuUsage();
    const replay = createReplay();
    for (const [index, bytes] of journal.entries.entries()) {
      void replay.next(index, bytes, journal.specOf, hash('sha256', Buffer.concat([LEAF, bytes]), 'buffer'));
    }
    const { user, system } = process.threadCpuUsage(began);
    ms += (user + system) / 1000;
    if (replay.difference !== undefined) throw new Error(`replay differs: ${JSON.stringify(replay.difference)}`);
    entries += journal.entries.length;
  }
  return { entries, perSecond: Math.round((entries * 1000) / ms) };
}
