import type { InputFile } from '@reckon/kernels/kernel';
import { ReckonError } from '@reckon/protocol/base/errors';
import { type JobFile, readJobFile } from '@reckon/protocol/model/job-file';

/** Folders under /examples, by kernel id: the same files that `npx reckon run examples/…/job.json` reads. */
export const exampleFolders: Readonly<Record<string, string>> = {
  onnx: 'digits',
  'matmul-i8': 'matmul',
  'matmul-f32': 'matmul-f32',
  mandelbrot: 'mandelbrot',
  'hash-search': 'hash-search',
  'monte-carlo': 'monte-carlo',
  'custom-wgsl': 'custom-wgsl',
  'custom-wasm': 'custom-wasm',
  'n-body': 'n-body',
  render: 'render',
};

async function fetchBytes(path: string): Promise<Uint8Array> {
  const response = await fetch(path).catch((error: unknown) => {
    throw new ReckonError('RELAY_UNREACHABLE', { url: location.origin, cause: String(error) }, { cause: error });
  });
  if (!response.ok) throw new ReckonError('NOT_FOUND', { what: path });
  return new Uint8Array(await response.arrayBuffer());
}

/** @throws {ReckonError} NOT_FOUND, RELAY_UNREACHABLE or what is wrong with the job file. */
export async function loadExample(folder: string): Promise<{ jobFile: JobFile; files: Map<string, InputFile> }> {
  const base = `/examples/${folder}`;
  const jobFile = readJobFile(await fetchBytes(`${base}/job.json`), `${base}/job.json`);
  const inputs = Object.entries(jobFile.stages[0]?.inputs ?? {});
  const files = await Promise.all(
    inputs.map(async ([name, path]) => [name, { fileName: path, bytes: await fetchBytes(`${base}/${path}`) }] as const),
  );
  return { jobFile, files: new Map(files) };
}
