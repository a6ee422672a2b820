import type { IncomingMessage } from 'node:http';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { MiddlewareHandler } from 'hono';

/** A host without its port, in lower case; undefined when it is none. */
function nameOf(host: string): string | undefined {
  const match = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253}?)\.?(:\d{1,5})?$/.exec(host.toLowerCase());
  return match?.[1];
}

const isAddress = (name: string): boolean => name.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
const isLocal = (name: string): boolean => name === 'localhost' || name.endsWith('.localhost');

/** The hosts a relay answers as: any address, localhost, and the names of its own public origins. */
export interface OwnHosts {
  has(host: string): boolean;
  /** Whether a page of that origin may open a channel at this host: it is ours, on any of our ports. */
  mayConnect(origin: string, host: string): boolean;
}

/** @param origins the relay's configured public origins. */
export function ownHosts(origins: readonly (string | undefined)[]): OwnHosts {
  const names = new Set(origins.flatMap((origin) => (origin === undefined ? [] : [new URL(origin).hostname])));
  return {
    has(host) {
      const name = nameOf(host);
      return name !== undefined && (isAddress(name) || isLocal(name) || names.has(name));
    },
    mayConnect(origin, host) {
      const from = URL.canParse(origin) ? new URL(origin).hostname : '';
      return from !== '' && (from === nameOf(host) || names.has(from));
    },
  };
}

/**
 * Refuses requests to a name that is not ours. A stranger's page can have its own name resolve to our address (DNS
 * rebinding) and would then be of our origin to the browser; the name it asked for still tells it apart.
 * @throws {ReckonError} HOST_UNKNOWN
 */
export const answerOwnHosts =
  (hosts: OwnHosts): MiddlewareHandler =>
  async (context, next) => {
    const host = context.req.header('host');
    // Every browser sends one; requests made in a test have none.
    if (host !== undefined && !hosts.has(host)) throw new ReckonError('HOST_UNKNOWN', { host: host.slice(0, 200) });
    await next();
  };

/** Whether an upgrade comes from a page of ours, or from no page at all. */
export function isOwnUpgrade(hosts: OwnHosts, request: IncomingMessage): boolean {
  const { host = '', origin } = request.headers;
  return hosts.has(host) && (origin === undefined || hosts.mayConnect(origin, host));
}
