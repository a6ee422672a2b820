import { sha256 } from '@reckon/protocol/base/hash';
import { toHex } from '@reckon/protocol/base/bytes';
import { kernelName, type KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import type { InputFile } from '@reckon/kernels/kernel';
import type { CommandResult } from '../command.ts';
import { firstValues, oddNumbers } from './describe-file.ts';
import { saveFiles } from './local-files.ts';
import type { LocalResult } from './run-units.ts';

export interface ReportOptions {
  /** What was read; `.npy` files among them are looked through. */
  inputs: ReadonlyMap<string, InputFile>;
  out: string | undefined;
  check: boolean;
}

/**
 * What a local run says of itself: time, memory, files with their sizes, SHA-256 and first values, and which of what went in
 * or came out holds NaN or infinities. The files are saved where `out` says.
 */
export async function localReport(
  manifest: KernelManifest,
  result: LocalResult,
  { inputs, out, check }: ReportOptions,
): Promise<CommandResult> {
  if (out !== undefined) await saveFiles(out, result.files);
  const ms = Math.round(result.computeMs);
  const longestMs = Math.round(result.longestMs);
  const files = result.files.map(({ name, bytes }) => ({
    name,
    sizeBytes: bytes.length,
    sha256: toHex(sha256(bytes)),
  }));
  const read = [...inputs.values()].map(({ fileName, bytes }) => ({ name: fileName, bytes }));
  const warnings = [...read, ...result.files].flatMap((file) => oddNumbers(file) ?? []);
  const { memoryBytes, units, device } = result;
  const memory = memoryBytes === undefined ? '' : `, ${(memoryBytes / 2 ** 20).toFixed(1)} MiB of memory`;
  const agreed = manifest.agreement.kind === 'exact' ? 'the same bytes' : 'agreement within the tolerance';
  return {
    json: {
      kernel: kernelName(manifest),
      device,
      units,
      computeMs: ms,
      longestMs,
      memoryBytes: memoryBytes ?? null,
      checked: check,
      out: out ?? null,
      files,
      warnings,
    },
    lines: [
      `${units} ${units === 1 ? 'unit' : 'units'} on ${device}: ${ms} ms in the kernel, ${longestMs} ms the longest${memory}.`,
      ...files.map(({ name, sizeBytes, sha256: digest }) => `${name}: ${sizeBytes} bytes, SHA-256 ${digest.slice(2)}`),
      ...(check ? [`Run four times, in three workers: ${agreed}.`] : []),
      out === undefined ? 'Nothing was written; use --out DIR to keep them.' : `Written to ${out}.`,
      ...result.files.flatMap((file) => firstValues(file) ?? []),
      ...warnings.map((words) => `Warning: ${words}`),
    ],
  };
}
