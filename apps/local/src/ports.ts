import { createServer } from 'node:net';
import { ReckonError } from '@reckon/protocol/base/errors';

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
