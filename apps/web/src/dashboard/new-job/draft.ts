import type { InputFile } from '@reckon/kernels/kernel';
import { ReckonError } from '@reckon/protocol/base/errors';
import { type JobFile, parseJobFile } from '@reckon/protocol/model/job-file';
import { type KernelManifest, kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { VerificationPolicy } from '@reckon/protocol/model/policy';
import { cheapestCheck } from './policy-choice.ts';

/** The form as it is being filled: texts as typed, files as dropped. */
export interface Draft {
  kernel: string;
  title: string;
  requester: string;
  /** By parameter name, as typed. */
  params: Readonly<Record<string, string>>;
  /** By input name. */
  files: ReadonlyMap<string, InputFile>;
  /** How results are verified; its controls keep it within the policy's bounds. */
  verify: VerificationPolicy;
  /** Nodes whose electricity is greenest go first. */
  greenest: boolean;
  /** Tokens for one unit, as typed. */
  price: string;
  minutes: string;
}

export function emptyDraft(manifest: KernelManifest): Draft {
  return {
    kernel: kernelName(manifest),
    title: '',
    requester: '',
    params: Object.fromEntries(manifest.params.map((param) => [param.name, String(param.default)])),
    files: new Map(),
    verify: cheapestCheck(manifest),
    greenest: false,
    price: '0.01',
    minutes: '60',
  };
}

/** A number where the kernel wants one; text that is none stays text, so that the kernel's own refusal names it. */
function paramValue(kind: KernelManifest['params'][number]['kind'], text: string): number | string {
  if (kind !== 'integer' && kind !== 'number') return text;
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}

/** @throws {ReckonError} JOB_FILE_INVALID naming the field. */
export function toJobFile(draft: Draft, manifest: KernelManifest): JobFile {
  const params = manifest.params.map(({ name, kind }) => [name, paramValue(kind, draft.params[name] ?? '')]);
  return parseJobFile({
    title: draft.title.trim(),
    requester: draft.requester.trim(),
    stages: [
      {
        kernel: draft.kernel,
        params: Object.fromEntries(params),
        inputs: Object.fromEntries([...draft.files].map(([name, file]) => [name, file.fileName])),
        verify: draft.verify,
        ...(draft.greenest && { prefer: 'greenest' }),
        pricePerUnit: draft.price.trim(),
      },
    ],
    expiresInMinutes: Number(draft.minutes),
  });
}

/** A job file and its inputs as a draft: how examples are loaded. */
export function fromJobFile(jobFile: JobFile, files: ReadonlyMap<string, InputFile>, manifest: KernelManifest): Draft {
  const stage = jobFile.stages[0];
  const empty = emptyDraft(manifest);
  if (stage === undefined) return empty;
  const given = Object.entries(stage.params).map(([name, value]) => [name, String(value)]);
  return {
    kernel: stage.kernel,
    title: jobFile.title,
    requester: jobFile.requester,
    params: { ...empty.params, ...Object.fromEntries(given) },
    files,
    verify: stage.verify,
    greenest: stage.prefer === 'greenest',
    price: stage.pricePerUnit,
    minutes: String(jobFile.expiresInMinutes),
  };
}

/** The form's fields, for placing a refusal beside the one it is about. */
export type FieldName = 'title' | 'requester' | 'price' | 'minutes' | 'verify' | `param:${string}` | `input:${string}`;

const jobFilePaths: readonly [RegExp, FieldName][] = [
  [/^title/, 'title'],
  [/^requester/, 'requester'],
  [/pricePerUnit/, 'price'],
  [/expiresInMinutes/, 'minutes'],
  [/verify/, 'verify'],
];

/** The field a refusal is about; undefined when it is about none of them. */
export function fieldOf(error: unknown): FieldName | undefined {
  if (!(error instanceof ReckonError)) return undefined;
  const details: Readonly<Record<string, unknown>> = error.details;
  const at = (key: string): string => {
    const value = details[key];
    return typeof value === 'string' ? value : '';
  };
  switch (error.code) {
    case 'JOB_FILE_INVALID': {
      const path = at('path');
      const param = /\.params\.(\w+)/.exec(path);
      return param ? `param:${param[1]}` : jobFilePaths.find(([pattern]) => pattern.test(path))?.[1];
    }
    case 'KERNEL_PARAMS_INVALID':
      return `param:${at('path')}`;
    case 'KERNEL_INPUT_MISSING':
    case 'MODEL_INPUT_MISMATCH':
    case 'TENSOR_INVALID':
    case 'TENSOR_SHAPE':
    case 'TENSOR_TYPE':
    case 'TENSOR_VALUE':
      return `input:${at('input')}`;
    case 'SHADER_INVALID':
      return 'input:shader';
    case 'SHADER_MANIFEST_INVALID':
      return 'input:manifest';
    case 'MODEL_NOT_ONNX':
      return 'input:model';
    default:
      return undefined;
  }
}

/** A refusal that only says that the form is not filled yet; it is shown as what is still needed, not as an error. */
export function isUnfilled(error: unknown, draft: Draft): boolean {
  if (!(error instanceof ReckonError)) return false;
  const field = fieldOf(error);
  if (error.code === 'KERNEL_INPUT_MISSING') return true;
  return (field === 'title' && draft.title.trim() === '') || (field === 'requester' && draft.requester.trim() === '');
}
