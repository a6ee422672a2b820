import { createServer } from 'node:net';
import { ReckonError, toReckonError } from '@reckon/protocol/base/errors';

/**
 * Takes a port of this machine's loopback and gives it back at once. 0 takes any free one.
 * @throws {ReckonError} PORT_IN_USE.
 */
export function probePort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (cause) => reject(new ReckonError('PORT_IN_USE', { port }, { cause })));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}

/** Where a relay listens. */
export interface RelayPorts {
  port: number;
  /** Of the widget's own origin. */
  embedPort: number;
}

/** The port wanted and the next one, or any two that are free for 0. @throws {ReckonError} PORT_IN_USE */
export const choosePorts = async (wanted: number): Promise<RelayPorts> => ({
  port: await probePort(wanted),
  embedPort: await probePort(wanted === 0 ? 0 : wanted + 1),
});

const ATTEMPTS = 3;

/** Starts what listens on `settings`; ports that were free may be taken since, and those nobody named are chosen again. */
export async function onFreePorts<T>(settings: RelayPorts, wanted: number, start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (wanted !== 0 || attempt === ATTEMPTS || toReckonError(error).code !== 'PORT_IN_USE') throw error;
      Object.assign(settings, await choosePorts(0));
    }
  }
}
