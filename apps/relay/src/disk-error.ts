import { ReckonError } from '@reckon/protocol/base/errors';

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL']);

/** DISK_FULL when that is why a write failed; any other error as it is. */
export function toDiskError(error: unknown, path: string): unknown {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && NO_ROOM.has(code)
    ? new ReckonError('DISK_FULL', { path }, { cause: error })
    : error;
}
