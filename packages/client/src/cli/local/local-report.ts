import { sha256 } from '@reckon/protocol/base/hash';
import { toHex } from '@reckon/protocol/base/bytes';
import { kernelName, type KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import type { CommandResult } from '../command.ts';
import { saveFiles } from './local-files.ts';
import type { LocalResult } from './run-units.ts';

/** What a local run says of itself: time, memory, files with their sizes and SHA-256; saved where `out` says. */
export async function localReport(
  manifest: KernelManifest,
  result: LocalResult,
  { out, check }: { out: string | undefined; check: boolean },
): Promise<CommandResult> {
  if (out !== undefined) await saveFiles(out, result.files);
  const ms = Math.round(result.computeMs);
  const longestMs = Math.round(result.longestMs);
  const files = result.files.map(({ name, bytes }) => ({
    name,
    sizeBytes: bytes.length,
    sha256: toHex(sha256(bytes)),
  }));
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
    },
    lines: [
      `${units} ${units === 1 ? 'unit' : 'units'} on ${device}: ${ms} ms in the kernel, ${longestMs} ms the longest${memory}.`,
      ...files.map(({ name, sizeBytes, sha256: digest }) => `${name}: ${sizeBytes} bytes, SHA-256 ${digest.slice(2)}`),
      ...(check ? [`Run four times, in three workers: ${agreed}.`] : []),
      ...(out === undefined ? [] : [`Written to ${out}.`]),
    ],
  };
}
