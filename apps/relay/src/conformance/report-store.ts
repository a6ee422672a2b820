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

/** Most findings that are kept, of all keys together: what is counted in some 50 ms, as nothing else runs meanwhile. */
const MAX_FINDINGS = 20_000;
/** What is left of a full store, so that the order of eviction is worked out once in many reports. */
const KEPT_SHARE = 0.95;
/** Of the table below; a file of another one is begun anew. */
const FORMAT = 2;
/** Most rows in a list of a summary: invented kinds of GPU must not make it long. */
const MAX_LISTED = 200;

export interface ReportCounts {
  /** All that were counted. */
  findings: number;
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
  /**
   * Keeps one finding a key, kernel digest and backend, the one measured last, and of a key only those of the kind of GPU it
   * named last. In a full store the network with most findings loses its oldest, so that no network pushes out the others.
   * @param network names where the report came from; empty where that is not known. @returns how many findings stand now.
   */
  put(report: ConformanceReport, network: string): number;
  /** The findings since then, counted; only of these kernel digests. */
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
    if (db.pragma('user_version', { simple: true }) !== FORMAT) db.exec('drop table if exists findings');
    db.exec(`create table if not exists findings (node text not null, digest text not null, backend text not null,
      network text not null, measured_at integer not null, kernel text not null, vendor text, architecture text,
      browser text not null, browser_major integer not null, cases integer not null, failed integer not null,
      bits integer not null, bits_differing integer not null, max_relative real, outside integer not null,
      mismatch integer not null, primary key (node, digest, backend))`);
    db.pragma(`user_version = ${FORMAT}`);
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
  const insert = db.prepare(`insert into findings values (@node, @digest, @backend, @network, @measuredAt, @kernel,
    @vendor, @architecture, @browser, @major, @cases, @failed, @bits, @bitsDiffering, @maxRelativeError, @outside,
    @mismatch) on conflict do update set network = excluded.network, measured_at = excluded.measured_at,
    vendor = excluded.vendor, architecture = excluded.architecture, browser = excluded.browser,
    browser_major = excluded.browser_major, cases = excluded.cases, failed = excluded.failed, bits = excluded.bits,
    bits_differing = excluded.bits_differing, max_relative = excluded.max_relative, outside = excluded.outside,
    mismatch = excluded.mismatch where excluded.measured_at >= measured_at`);
  const ofOtherKind = 'node = @node and (vendor is not @vendor or architecture is not @architecture)';
  const newerOfOtherKind = db.prepare(`select 1 from findings where ${ofOtherKind} and measured_at > @measuredAt`);
  const forgetOtherKinds = db.prepare(`delete from findings where ${ofOtherKind}`);
  const all = db.prepare('select count(*) from findings').pluck();
  // The n-th newest of every network goes before the one before it of any network.
  const trim = db.prepare(`delete from findings where rowid in (select id from (select rowid as id, measured_at,
    row_number() over (partition by network order by measured_at desc, node) as place from findings)
    order by place desc, measured_at limit ?)`);
  const counted = `from findings where measured_at >= @since and digest in (select value from json_each(@digests))`;
  const first = 'order by mismatching > 0 desc, mismatching desc, devices desc';
  const adapters = db.prepare(`select vendor, architecture, count(distinct node) as devices,
    count(distinct case when mismatch then node end) as mismatching,
    sum(case when max_relative is null then bits_differing else 0 end) as bits ${counted}
    group by vendor, architecture ${first}, vendor, architecture limit @limit`);
  const groups = db.prepare(`select vendor, architecture, kernel, backend, count(*) as devices,
    sum(mismatch) as mismatching, sum(bits_differing) as bits, max(max_relative) as relative ${counted}
    group by vendor, architecture, digest, backend ${first}, kernel, backend, vendor, architecture limit @limit`);
  const totals = db.prepare(`select count(*) as findings, count(distinct node) as devices,
    count(distinct case when mismatch then node end) as mismatching ${counted}`);

  const write = db.transaction((report: ConformanceReport, network: string) => {
    const { nodeKey: node, measuredAt, adapter } = report;
    const key = { node, measuredAt, vendor: adapter?.vendor ?? null, architecture: adapter?.architecture ?? null };
    if (newerOfOtherKind.get(key) !== undefined) return 0;
    forgetOtherKinds.run(key);
    let standing = 0;
    for (const finding of report.findings) standing += insert.run(rowOf(report, network, finding)).changes;
    const count = all.get() as number;
    if (count > maxFindings) trim.run(count - Math.floor(maxFindings * KEPT_SHARE));
    return standing;
  });

  return {
    put(report, network) {
      try {
        return write(report, network);
      } catch (error) {
        throw toDiskError(error, 'the conformance reports');
      }
    },
    count(since, digests) {
      const asked = { since: Math.floor(since / 1000), digests: JSON.stringify(digests) };
      const total = totals.get(asked) as Omit<ReportCounts, 'adapters' | 'groups'>;
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

function rowOf(report: ConformanceReport, network: string, finding: ConformanceFinding) {
  const { nodeKey, measuredAt, adapter, browser } = report;
  const { kernel, ...counts } = finding;
  return {
    ...counts,
    node: nodeKey,
    kernel: kernel.name,
    digest: kernel.digest,
    network,
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
