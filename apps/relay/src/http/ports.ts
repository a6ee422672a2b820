import type { Clock, Log } from '@reckon/protocol/base/ports';
import type { TypedDomain } from '@reckon/protocol/base/typed-data';
import type { JobId } from '@reckon/protocol/base/ids';
import type { NetworkSummary, RelayConfig } from '@reckon/protocol/wire/http';
import type { Admission } from '../admission.ts';
import type { BlobStore } from '../blobs/blob-store.ts';
import type { Chain } from '../chain/chain.ts';
import type { Faucet } from '../chain/faucet.ts';
import type { Tickets } from '../channels/tickets.ts';
import type { Site } from '../config.ts';
import type { ConformanceDesk } from '../conformance/desk.ts';
import type { Coordinator } from '../coordinator.ts';
import type { KernelCatalogue } from '../kernels.ts';
import type { Live } from '../live.ts';
import type { Publication } from '../log/publication.ts';
import type { Metrics } from '../metrics.ts';
import type { Projector } from '../read-model/projector.ts';
import type { StandingOf } from '../read-model/queries/nodes.ts';
import type { ReadDb } from '../read-model/schema.ts';

/** What the HTTP handlers answer from. */
export interface HttpPorts {
  coordinator: Coordinator;
  db: ReadDb;
  projector: Projector;
  blobs: BlobStore;
  kernels: KernelCatalogue;
  admission: Admission;
  chain: Chain;
  clock: Clock;
  log: Log;
  domain: TypedDomain;
  tickets: Tickets;
  live: Live;
  publication: Pick<Publication, 'checkpoint' | 'read'>;
  metrics: Metrics;
  conformance: ConformanceDesk;
  faucet?: Faucet | undefined;
  rpcUrl: string;
  maxBlobBytes: number;
  requestsPerMinute: number;
  webDir?: string | undefined;
  embedDir?: string | undefined;
  sites: readonly Site[];
  /** Where people reach the relay and the widget's frame, when that is not an address. */
  publicOrigin?: string | undefined;
  embedOrigin?: string | undefined;
  /** The answer of GET /api/config; known once both listeners have their ports. */
  config(): RelayConfig;
  network(): NetworkSummary;
  standing: StandingOf;
  /** Looks on chain for a job that was just posted. */
  checkFunding(jobId: JobId): Promise<void>;
}
