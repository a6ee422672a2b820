import { toReckonError } from '@reckon/protocol/base/errors';
import type { Log } from '@reckon/protocol/base/ports';
import type { Publication } from './publication.ts';

export interface Publisher {
  /** Publishes all that may be published now. A failure is logged, and the older checkpoint stays until the next time. */
  poke(): Promise<void>;
}

/** @param ports.publishable how many entries may be public; never more than are on disk. */
export function createPublisher(ports: {
  publication: Pick<Publication, 'publish'>;
  publishable(): number;
  log: Log;
}): Publisher {
  return {
    async poke() {
      try {
        await ports.publication.publish(ports.publishable());
      } catch (error) {
        ports.log.error({ error: toReckonError(error).message }, 'log.publish-failed');
      }
    },
  };
}
