import type { Agreement } from '@reckon/protocol/model/kernel-manifest';

/** When two results of one unit count as the same: the kernel's own words where it has them. */
export function agreementWords(agreement: Agreement | undefined): string {
  if (agreement?.kind !== 'within') return 'Agreeing means the same bytes.';
  if (agreement.words) return `Agreeing means ${agreement.words}.`;
  return `Agreeing means within ${agreement.absolute} absolute or ${Number(agreement.relative.toPrecision(2))} relative: this kernel works in floating point, which differs between devices.`;
}
