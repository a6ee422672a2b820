import { rmSync } from 'node:fs';
import {
  type ConformanceAdapter,
  type ConformanceFinding,
  type ConformanceGroup,
  type ConformanceReport,
  isMismatch,
} from '@reckon/protocol/wire/conformance';
import type { Millis } from '@reckon/protocol/base/units';
import Database from 'better-sqlite3';
import { toDiskError } from '../disk-error.ts';

/** Most findings that are kept, of all keys together; the oldest go first. Keys cost nothing, disks do. */
const MAX_FINDINGS = 200_000;
/** Most rows in a list of a summary: invented kinds of GPU must not make it long. */
const MAX_LISTED = 200;
const DAY_MS = 86_400_000;

export interface ReportCounts {
  devices: number;
  mismatching: number;
  adapters: ConformanceAdapter[];
  groups: ConformanceGroup[];
}

/**
 * Visitors' reports in an SQLite file of their own: they are statements, no decision follows from them, so that they are
 * not in the journal, and the read model, which is made from it, cannot hold them.
 */
export interface ReportStore {
  /** Keeps one finding a key, kernel digest, backend and day, the one measured last. @returns how many stand now. */
  put(report: ConformanceReport): number;
  /** The newest finding of each key since then, counted; only of these kernel digests. */
  count(since: Millis, digests: readonly string[]): ReportCounts;
  close(): void;
}

interface AdapterRow {
  vendor: string | null;
  architecture: string | null;
  devices: number;
  mismatching: number;
  bits: number;
}
interface GroupRow extends AdapterRow {
  kernel: string;
  backend: ConformanceFinding['backend'];
  relative: number | null;
}

/** Opens the file and makes what is missing in it. @throws when it is no database. */
function open(file: string): Database.Database {
  const db = new Database(file);
  try {
    db.pragma('journal_mode = WAL');
    // A report that is lost with the power is worth no wait on the disk.
    db.pragma('synchronous = NORMAL');
    db.exec(`create table if not exists findings (node text not null, digest text not null, backend text not null,
      day integer not null, measured_at integer not null, kernel text not null, vendor text, architecture text,
      browser text not null, browser_major integer not null, cases integer not null, failed integer not null,
      bits integer not null, bits_differing integer not null, max_relative real, outside integer not null,
      mismatch integer not null, primary key (node, digest, backend, day));
      create index if not exists findings_by_time on findings (measured_at)`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A spoiled file is begun anew: a relay must not stay down for the sake of what strangers said. */
function openOrReplace(file: string): Database.Database {
  try {
    return open(file);
  } catch {
    for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true });
    return open(file);
  }
}

/** @param file a path, or `:memory:`. */
export function openReportStore(file: string, maxFindings = MAX_FINDINGS): ReportStore {
  const db = openOrReplace(file);
  const insert = db.prepare(`insert into findings values (@node, @digest, @backend, @day, @measuredAt, @kernel, @vendor,
    @architecture, @browser, @major, @cases, @failed, @bits, @bitsDiffering, @maxRelativeError, @outside, @mismatch)
    on conflict do update set measured_at = excluded.measured_at, vendor = excluded.vendor,
    architecture = excluded.architecture, browser = excluded.browser, browser_major = excluded.browser_major,
    cases = excluded.cases, failed = excluded.failed, bits = excluded.bits, bits_differing = excluded.bits_differing,
    max_relative = excluded.max_relative, outside = excluded.outside, mismatch = excluded.mismatch
    where excluded.measured_at >= measured_at`);
  const trim = db.prepare(`delete from findings where rowid in
    (select rowid from findings order by measured_at limit max(0, (select count(*) from findings) - ?))`);
  // With max() alone among the aggregates, the other columns are those of its row (SQLite, "bare columns").
  const newest = `with newest as (select *, max(measured_at) from findings
    where measured_at >= @since and digest in (select value from json_each(@digests)) group by node, digest, backend)`;
  const first = 'order by mismatching > 0 desc, mismatching desc, devices desc';
  const adapters = db.prepare(`${newest} select vendor, architecture, count(distinct node) as devices,
    count(distinct case when mismatch then node end) as mismatching,
    sum(case when max_relative is null then bits_differing else 0 end) as bits from newest
    group by vendor, architecture ${first}, vendor, architecture limit @limit`);
  const groups = db.prepare(`${newest} select vendor, architecture, kernel, backend, count(*) as devices,
    sum(mismatch) as mismatching, sum(bits_differing) as bits, max(max_relative) as relative from newest
    group by vendor, architecture, digest, backend ${first}, kernel, backend, vendor, architecture limit @limit`);
  const totals = db.prepare(`${newest} select count(distinct node) as devices,
    count(distinct case when mismatch then node end) as mismatching from newest`);

  const write = db.transaction((report: ConformanceReport) => {
    let standing = 0;
    for (const finding of report.findings) standing += insert.run(rowOf(report, finding)).changes;
    trim.run(maxFindings);
    return standing;
  });

  return {
    put(report) {
      try {
        return write(report);
      } catch (error) {
        throw toDiskError(error, 'the conformance reports');
      }
    },
    count(since, digests) {
      const asked = { since: Math.floor(since / 1000), digests: JSON.stringify(digests) };
      const total = totals.get(asked) as Pick<ReportCounts, 'devices' | 'mismatching'>;
      const listed = { ...asked, limit: MAX_LISTED };
      return {
        ...total,
        adapters: (adapters.all(listed) as AdapterRow[]).map(adapterOf),
        groups: (groups.all(listed) as GroupRow[]).map(groupOf),
      };
    },
    close: () => void db.close(),
  };
}

function rowOf({ nodeKey, measuredAt, adapter, browser }: ConformanceReport, finding: ConformanceFinding) {
  const { kernel, ...counts } = finding;
  return {
    ...counts,
    node: nodeKey,
    kernel: kernel.name,
    digest: kernel.digest,
    day: Math.floor((measuredAt * 1000) / DAY_MS),
    measuredAt,
    vendor: adapter?.vendor ?? null,
    architecture: adapter?.architecture ?? null,
    browser: browser.name,
    major: browser.major,
    mismatch: isMismatch(finding) ? 1 : 0,
  };
}

/** A sum over very many reports may leave what a count can be. */
const MAX_COUNT = 0xffff_ffff;

function adapterOf({ vendor, architecture, bits, ...counts }: AdapterRow): ConformanceAdapter {
  const adapter = vendor === null || architecture === null ? null : { vendor, architecture };
  return { ...counts, adapter, bitsDiffering: Math.min(bits, MAX_COUNT) };
}

function groupOf({ kernel, backend, relative, ...row }: GroupRow): ConformanceGroup {
  return { ...adapterOf(row), kernel, backend, maxRelativeError: relative };
}
