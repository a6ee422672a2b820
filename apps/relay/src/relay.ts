import { join } from 'node:path';
import { toReckonError } from '@reckon/protocol/base/errors';
import type { Address } from '@reckon/protocol/base/ids';
import type { Log } from '@reckon/protocol/base/ports';
import { CONSENT_TEXT_VERSION } from '@reckon/protocol/model/consent';
import type { RelayConfig as ConfigAnswer } from '@reckon/protocol/wire/http';
import { WIRE_VERSION } from '@reckon/protocol/wire/messages';
import { privateKeyToAccount } from 'viem/accounts';
import { openDiskBlobs } from './blobs/disk-blobs.ts';
import { createBeacon } from './chain/beacon.ts';
import { createFaucet } from './chain/faucet.ts';
import { createFundingWatcher } from './chain/funding.ts';
import { createSettler } from './chain/settler.ts';
import { createViemChain } from './chain/viem-chain.ts';
import { SIGNALLING_PATH } from './channels/signalling.ts';
import { createTickets } from './channels/tickets.ts';
import type { RelayConfig } from './config.ts';
import { createConformanceDesk } from './conformance/desk.ts';
import { openReportStore } from './conformance/report-store.ts';
import { createCoordinator } from './coordinator.ts';
import { createReferee } from './evidence/referee.ts';
import { createStoredResults } from './evidence/stored-result.ts';
import { lockData } from './data-lock.ts';
import { createEmbedApp, createMainApp } from './http/app.ts';
import { ownHosts } from './http/hosts.ts';
import { LOG_PATH } from './http/log.ts';
import type { HttpPorts } from './http/ports.ts';
import { readSpec } from './job-checks.ts';
import { openSqliteJournal } from './journal/sqlite-journal.ts';
import { createAdmission } from './admission.ts';
import { servedKernels } from './kernels.ts';
import { listenHttp } from './listeners.ts';
import { createLive } from './live.ts';
import { openCheckpointFile } from './log/checkpoint-file.ts';
import { createLogSigner } from './log/log-key.ts';
import { openPublication } from './log/publication.ts';
import { createPublishable } from './log/publishable.ts';
import { createPublisher, type Publisher } from './log/publisher.ts';
import { createMetrics } from './metrics.ts';
import { createNetworkView } from './network.ts';
import { openNodeChannels, WEB_SOCKET_PATH } from './node-channels.ts';
import { openReadModel } from './read-model/database.ts';
import { createProjector } from './read-model/projector.ts';
import { getEpochPost } from './read-model/queries/epoch-post.ts';
import { noteGas } from './read-model/queries/epochs.ts';
import { loadRecoverAddress } from './recover.ts';
import { forgetReveals } from './reveals/forget-reveals.ts';
import { openSqliteReveals } from './reveals/sqlite-reveals.ts';
import { createSecrets } from './secrets/secrets.ts';
import { createSessions } from './session/registry.ts';
import { standingIn } from './standing.ts';
import { systemClock, systemRandom } from './system.ts';
import { startTimers } from './timers.ts';

export interface Relay {
  readonly port: number;
  readonly embedPort: number;
  close(): Promise<void>;
}

const lowerCase = (address: string): Address => address.toLowerCase() as Address;

/** Closes in the opposite order of opening, everything whatever one throws. */
function createClosers(log: Log) {
  const closers: (() => void | Promise<void>)[] = [];
  return {
    add: (close: () => void | Promise<void>) => void closers.push(close),
    async run() {
      for (const close of closers.splice(0).reverse()) {
        try {
          await close();
        } catch (error) {
          log.warn({ error: toReckonError(error).message }, 'relay.close-failed');
        }
      }
    },
  };
}

/**
 * The composition root: opens the data folder, replays the journal, and serves. Resolves when nodes may connect.
 * @throws {ReckonError} PORT_IN_USE, DATA_LOCKED, JOURNAL_CORRUPT, USAGE.
 */
export async function createRelay(config: RelayConfig, log: Log, onFatal: (error: unknown) => void): Promise<Relay> {
  const [clock, random] = [systemClock, systemRandom];
  const [network, disk] = [createClosers(log), createClosers(log)];
  const closeAll = async () => {
    await network.run();
    await disk.run();
  };
  try {
    const main = await listenHttp(config.host, config.port);
    network.add(main.close);
    const embed = await listenHttp(config.host, config.embedPort);
    network.add(embed.close);
    disk.add(lockData(config.dataDir));
    const journal = openSqliteJournal(join(config.dataDir, 'journal.sqlite'));
    disk.add(journal.close);
    const { db, projectedThrough } = await openReadModel(join(config.dataDir, 'readmodel.sqlite'), journal);
    disk.add(() => db.destroy());
    const projector = createProjector(db, projectedThrough, log, onFatal);
    disk.add(projector.caughtUp);
    const blobs = openDiskBlobs(join(config.dataDir, 'blobs'), config.maxBlobBytes);
    const reveals = openSqliteReveals(join(config.dataDir, 'reveals.sqlite'));
    disk.add(reveals.close);
    const reports = openReportStore(join(config.dataDir, 'conformance.sqlite'));
    disk.add(reports.close);
    const { recover, native } = await loadRecoverAddress();
    if (!native) log.warn({}, 'recover.not-native');
    const { contracts, chainId, rpcUrl } = config.chain;
    const chain = createViemChain({ ...config.chain, operatorKey: config.operatorKey }, recover);
    const operator = lowerCase(privateKeyToAccount(config.operatorKey).address);
    const metrics = createMetrics();
    const live = createLive(() => coordinator?.state);
    const publishable = createPublishable(clock, config.publishLagMs);

    let afterSeal = () => {};
    let settleDisputes = () => {};
    let coordinator: Awaited<ReturnType<typeof createCoordinator>> | undefined;
    coordinator = await createCoordinator(
      {
        clock,
        random,
        log,
        journal,
        specOf: (digest) => readSpec(blobs, digest),
        reveals,
        secretsOf: (id) => createSecrets(config.operatorKey, id),
        listeners: [projector.listener, live.listener, publishable.listener, forgetReveals(reveals)],
        defer: setImmediate,
        onFatal,
        onPostEpoch: () => afterSeal(),
        onReferee: () => settleDisputes(),
        onFlushed: metrics.flushed,
        onIgnored: (event, reason) => metrics.ignored(event.type, reason),
      },
      {
        relayId: config.relayId ?? `reckon-${Buffer.from(random.bytes(4)).toString('hex')}`,
        chainId,
        settlement: contracts.settlement,
        escrow: contracts.escrow,
        operator,
        feeBps: config.feeBps,
        graceMs: config.graceMs,
        trust: config.trust,
      },
    );
    const shard = coordinator;
    let publisher: Publisher | undefined;
    // What was decided last becomes public, and nothing reads the journal after that.
    disk.add(async () => await publisher?.poke());
    disk.add(shard.close);
    log.info({ entries: journal.size, projectedThrough, jobs: shard.state.jobs.size }, 'journal.replayed');

    const relayId = shard.state.constants?.relayId ?? '';
    const publication = await openPublication({
      journal,
      checkpoints: openCheckpointFile(join(config.dataDir, 'checkpoint')),
      signer: createLogSigner(config.operatorKey, relayId),
    });
    const publishing = createPublisher({ publication, publishable: publishable.count, log });
    publisher = publishing;
    await publishing.poke();

    const domain = { chainId, verifyingContract: contracts.settlement };
    const funding = createFundingWatcher({ coordinator: shard, chain, log });
    const settler = createSettler({
      coordinator: shard,
      chain,
      clock,
      log,
      async recall(epoch) {
        await shard.flushed();
        await projector.caughtUp();
        return await getEpochPost(db, epoch);
      },
      noteGas: (epoch, gasUsed) => noteGas(db, epoch, gasUsed),
    });
    afterSeal = () => {
      void settler.poke();
      void publishing.poke();
    };
    const kernels = servedKernels;
    const admission = createAdmission(clock);
    const stored = createStoredResults({ blobs, reveals });
    const referee = createReferee({ coordinator: shard, blobs, kernels, stored, log });
    settleDisputes = () => void referee.poke();
    const beacon = createBeacon({ coordinator: shard, chain, clock, log });
    const sessions = createSessions({
      coordinator: shard,
      blobs,
      reveals,
      stored,
      kernels,
      clock,
      random,
      log,
      recover,
      verifyWallet: chain.verifyHash,
      domain,
      isSite: (id) => config.sites.some((site) => site.id === id),
      heartbeatMs: config.heartbeatMs,
      meter: metrics.meter,
      progress: live.progress,
    });
    metrics.watch(shard, sessions);
    const tickets = createTickets(clock, random);
    const { host } = config;
    const hosts = ownHosts([config.publicOrigin, config.embedOrigin]);
    const channels = openNodeChannels({ main, host, tickets, random, log, hosts, accept: sessions.accept });
    const view = createNetworkView(shard, clock);
    const answer: ConfigAnswer = {
      relayId,
      protocol: WIRE_VERSION,
      chainId,
      contracts,
      token: config.chain.token,
      operator,
      feeBps: shard.state.constants?.feeBps ?? config.feeBps,
      rpcPath: '/rpc',
      faucet: config.faucetKey !== undefined,
      signalling: { path: SIGNALLING_PATH, relayPeerId: channels.relayPeerId },
      webSocketPath: WEB_SOCKET_PATH,
      log: { origin: publication.origin, key: publication.key, path: LOG_PATH },
      heartbeatMs: config.heartbeatMs,
      epochMs: config.epochMs,
      embedOrigin: config.embedOrigin ?? `http://${host}:${embed.port}`,
      kernels: [...kernels.refs],
      trust: shard.state.constants?.trust ?? config.trust,
      consentTextVersion: CONSENT_TEXT_VERSION,
    };
    const faucet =
      config.faucetKey && createFaucet({ ...config.chain, token: contracts.token, key: config.faucetKey }, clock);
    const http: HttpPorts = {
      ...config,
      coordinator: shard,
      db,
      projector,
      blobs,
      kernels,
      admission,
      chain,
      clock,
      log,
      domain,
      tickets,
      live,
      publication,
      metrics,
      conformance: createConformanceDesk({ store: reports, kernels, domain, clock, recover }),
      faucet,
      rpcUrl,
      config: () => answer,
      network: view.summary,
      standing: standingIn(shard.state, clock),
      checkFunding: funding.check,
    };
    const { epochMs, heartbeatMs, publishMs } = config;
    const intervals = { epochMs, heartbeatMs, publishMs };
    const stop = startTimers({
      coordinator: shard,
      sessions,
      settler,
      funding,
      view,
      publisher: publishing,
      beacon,
      referee,
      ...intervals,
    });
    // The nodes are told first, and what they leave behind is journalled.
    network.add(() => {
      stop();
      sessions.closeAll('the relay stops');
      channels.close();
      admission.close();
    });
    main.serve(createMainApp(http), channels.upgrade);
    embed.serve(createEmbedApp(http), channels.upgrade);
    await channels.listenForPeers();
    return { port: main.port, embedPort: embed.port, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
