import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/** Where a request comes from. Requests made in a test come without a connection. */
export function addressOf(context: Context): string {
  return context.env === undefined || !('incoming' in context.env)
    ? 'none'
    : (getConnInfo(context).remote.address ?? '');
}
