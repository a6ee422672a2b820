import { ReckonError } from '@reckon/protocol/base/errors';

/** What is wrong with a model file, or with the node or tensor that `cause` names. */
export const modelError = (file: string, cause: string, remedy?: string): ReckonError =>
  new ReckonError('MODEL_NOT_ONNX', {
    file,
    cause: cause.slice(0, 300).replace(/\.$/, ''),
    ...(remedy !== undefined && { remedy }),
  });

/** A stranger's name, short enough to show. */
export const shown = (name: string | null | undefined): string => `"${(name ?? '').slice(0, 100)}"`;
