import type { RelayConfig } from '@reckon/protocol/wire/http';
import { formatAmount } from '../amount.ts';
import type { AuditReport } from '../audit/audit-report.ts';
import type { RecomputeReport } from '../audit/recompute.ts';

/** The largest balances are printed; `--json` has all. */
const TOP = 10;

const count = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
const list = (numbers: readonly number[]): string =>
  numbers.length > 3 ? `${numbers.slice(0, 2).join(', ')} … ${numbers.at(-1)}` : numbers.join(', ');

/** A stranger's text without what a terminal would obey. */
export const plain = (text: string): string => text.replaceAll(/\p{Cc}/gu, '·');

/** What an audit found, line by line, with the cell's glyphs: █ passed, ╳ differs, · open. */
export function auditLines(
  report: AuditReport,
  recomputed: RecomputeReport,
  { ownNode, token }: { ownNode: boolean; token: RelayConfig['token'] },
): string[] {
  const { checkpoint, origin, replay, signatures, chain, extended } = report;
  const line = (ok: boolean | undefined, name: string, words: string) =>
    `${ok === undefined ? '·' : ok ? '█' : '╳'} ${name.padEnd(11)} ${words}`;
  const lines = [
    line(true, 'checkpoint', `${origin}, ${count(checkpoint.size, 'entry', 'entries')}, root ${checkpoint.root}`),
  ];
  lines.push(
    extended.own === null
      ? line(undefined, 'last seen', 'this auditor sees the log for the first time; the next audit compares')
      : line(true, 'last seen', `extends the checkpoint of ${count(extended.own, 'entry', 'entries')} seen last`),
  );
  if (extended.other !== null) {
    lines.push(line(true, 'compared', `one log with the other auditor’s ${count(extended.other, 'entry', 'entries')}`));
  }
  const passed = replay.difference === undefined && replay.entries === checkpoint.size;
  const draws = `${count(replay.draws.repeated, 'draw')} repeated, ${replay.draws.open} not open yet`;
  lines.push(line(passed, 'rules', `${count(replay.entries, 'entry', 'entries')} replayed; ${draws}`));
  const { checked, skipped, contractWallets } = signatures;
  const left = skipped > 0 ? `, ${skipped} not drawn` : '';
  const contracts = contractWallets > 0 ? `, ${contractWallets} of contract wallets asked on chain` : '';
  lines.push(
    line(passed ? true : undefined, 'signatures', `${count(checked, 'signature')} checked${left}${contracts}`),
  );
  if (chain !== null) {
    const by = ownNode ? 'your node' : 'the relay’s bridge; give your own node with --rpc URL';
    lines.push(
      line(chain.difference === undefined, 'chain', `${count(chain.compared, 'epoch')} compared, read through ${by}`),
    );
    if (chain.notPosted.length > 0) lines.push(line(undefined, '', `epoch ${list(chain.notPosted)}: not on chain yet`));
    if (chain.notPublished > 0) {
      lines.push(line(undefined, '', `${count(chain.notPublished, 'newer epoch')} on chain, not published yet`));
    }
  }
  for (const unit of recomputed.units) {
    const ok = unit.how === 'skipped' ? undefined : true;
    lines.push(line(ok, 'recomputed', `unit ${unit.index} of “${plain(unit.title)}” (${unit.kernel}): ${unit.words}`));
  }
  const top = [...replay.balances].sort((a, b) => (a.cumulative < b.cumulative ? 1 : -1)).slice(0, TOP);
  if (top.length > 0) lines.push('', `Earned up to epoch ${replay.epochs.at(-1)?.epoch}, by account:`);
  for (const { account, cumulative } of top) lines.push(`  ${account}  ${formatAmount(cumulative, token)}`);
  if (replay.balances.length > TOP) lines.push(`  … and ${count(replay.balances.length - TOP, 'account')} more`);
  const root = replay.epochs.at(-1)?.claimsRoot;
  if (root !== undefined) lines.push(`Settlement root: ${root}`);
  if (report.difference !== null || recomputed.difference !== undefined) {
    const text = report.entry;
    return text === null ? lines : [...lines, '', `The entry as it was served: ${plain(text.slice(0, 2000))}`];
  }
  const units = recomputed.units.filter(({ how }) => how !== 'skipped').length;
  return [...lines, '', `The log, the rules, the chain and ${count(units, 'recomputed unit')} agree.`];
}
