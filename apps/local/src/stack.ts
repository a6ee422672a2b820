import { loadOrMakeKey } from '@reckon/client/files/key-file';
import { ReckonError, toReckonError } from '@reckon/protocol/base/errors';
import { addressOfKey } from '@reckon/protocol/base/signature';
import { fromHex } from '@reckon/protocol/base/bytes';
import { type Chain, startEmbeddedChain } from './chain/embedded-chain.ts';
import { ensureContracts, type KeptDeployment, readContracts } from './chain/contracts.ts';
import { callRpc } from './chain/rpc.ts';
import { dataPaths, openDataFolder } from './data-folder.ts';
import { startHouseNode } from './house/house-node.ts';
import { choosePorts, onFreePorts } from './ports.ts';
import { startRelay } from './relay-process.ts';
import { keepSamplePosted } from './sample-requester.ts';
import { type Supervised, supervise } from './supervise.ts';
import { ensureWebBuild, webFolders } from './web-build.ts';

export interface StackOptions {
  /** Everything is kept here; the same folder gives the same system again. */
  dataDir: string;
  /** Address of the app; 0 takes a free one, and a free one for the widget. Otherwise the widget's is the next. */
  port: number;
  house?: boolean;
  sample?: boolean;
  epochMs?: number;
  heartbeatMs?: number;
  /** How long a node that lost its connection keeps its leases. */
  graceMs?: number;
  /** Forgets what the folder holds first. */
  fresh?: boolean;
  /** Settle on this chain rather than the embedded one, with contracts of this file or newly deployed ones. */
  chainRpc?: string;
  contractsFile?: string;
  /** `build` makes the web app when its sources have changed; `none` serves none. */
  web?: 'build' | 'none';
  /** Sites whose pages may embed the widget. */
  sites?: { id: string; name: string; origins: string[] }[];
  relayLogLevel?: string;
  /** What a person should hear. */
  say?: (line: string) => void;
  /** The programs' own log lines. */
  log?: (from: string, line: string) => void;
}

export interface Stack {
  readonly url: string;
  readonly embedUrl: string;
  readonly port: number;
  readonly embedPort: number;
  readonly rpcUrl: string;
  readonly deployment: KeptDeployment;
  readonly dataDir: string;
  /** The relay is started again whenever it ends, on the same ports: this changes then. */
  readonly relayPid: number;
  readonly housePid: number | undefined;
  /** Resolves when the system cannot go on: the embedded chain has ended unasked. */
  readonly broken: Promise<ReckonError>;
  /** Ends nodes, relay and chain in that order; what was done is kept. */
  stop(): Promise<void>;
}

export const EXAMPLE_SITE = {
  id: 'example',
  name: 'Example site',
  origins: ['http://127.0.0.1:4290', 'http://localhost:4290'],
};
/**
 * For one machine, where everything should be seen soon: the first checked result frees a node's rewards, and the public log
 * follows in seconds. Everybody here is the same person, so nothing is lost by either.
 */
const LOCAL_TRUST = { trust: { holdChecked: 1 }, publishLagMs: 5_000, publishMs: 2_000 };
/** Gas money of the operator on the embedded chain: a million ether. */
const OPERATOR_BALANCE = `0x${(10n ** 24n).toString(16)}`;

/**
 * Starts the whole system on this machine: chain, contracts, relay with its web app, house node and sample requester.
 * @throws {ReckonError} PORT_IN_USE, DATA_LOCKED, CHAIN_UNREACHABLE, CHAIN_STATE_LOST, BALANCE_TOO_SMALL; nothing is left running then.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dataDir, say = () => undefined, log = () => undefined, epochMs = 15_000 } = options;
  const ports = await choosePorts(options.port);
  const closers: (() => Promise<unknown> | unknown)[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    closers.push(await openDataFolder(dataDir, options.fresh ?? false));
    const paths = dataPaths(dataDir);
    const operatorKey = await loadOrMakeKey(paths.operatorKey);
    const webBuilt = options.web === 'none' ? undefined : ensureWebBuild(say);
    webBuilt?.catch(() => undefined); // awaited below, when the chain has started beside it

    const embedded =
      options.chainRpc === undefined ? await startEmbeddedChain(paths, (line) => log('chain', line)) : undefined;
    if (embedded !== undefined) {
      closers.push(() => embedded.stop());
      await callRpc(embedded.rpcUrl, 'anvil_setBalance', [addressOfKey(fromHex(operatorKey)), OPERATOR_BALANCE]);
    }
    const chain = embedded ?? (await givenChain(options.chainRpc as string));
    const deployment =
      options.contractsFile === undefined
        ? await ensureContracts({ ...chain, operatorKey, file: paths.deployment, epochMs, save: () => chain.save() })
        : await readContracts(options.contractsFile, chain.rpcUrl, chain.chainId);
    await webBuilt;

    const settings = {
      dataDir: paths.relay,
      host: '127.0.0.1',
      ...ports,
      chain: { ...deployment, rpcUrl: chain.rpcUrl },
      ...(options.web === 'none' ? {} : { webDir: webFolders.app, embedDir: webFolders.embed }),
      sites: options.sites ?? [EXAMPLE_SITE],
      epochMs,
      ...LOCAL_TRUST,
      ...(options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs }),
      ...(options.graceMs === undefined ? {} : { graceMs: options.graceMs }),
      faucet: embedded !== undefined,
      logLevel: options.relayLogLevel ?? 'warn',
    };
    const keys = { operatorKey, faucetKey: embedded === undefined ? undefined : operatorKey };
    const relay = await onFreePorts(settings, options.port, () =>
      supervise(
        async () => (await startRelay(settings, keys, (line) => log('relay', line))).child,
        (code) => say(`The relay ended (code ${code ?? 'none'}) and is started again.`),
      ),
    );
    const { port, embedPort } = settings;
    closers.push(() => relay.stop(3_000));
    const url = `http://127.0.0.1:${port}`;

    let house: Supervised | undefined;
    if (options.house ?? true) {
      const houseOptions = { relayUrl: url, dataDir: paths.house, payoutKey: operatorKey };
      house = await supervise(
        () => startHouseNode({ ...houseOptions, onLine: (line) => log('house', line) }),
        (code) => log('house', `ended (code ${code ?? 'none'})`),
      );
      const started = house;
      closers.push(() => started.stop(1_000));
    }
    if (options.sample ?? true) {
      const sampling = new AbortController();
      const key = await loadOrMakeKey(paths.sampleKey);
      const posting = keepSamplePosted({
        relayUrl: url,
        key,
        signal: sampling.signal,
        say: (line) => log('sample', line),
      });
      closers.push(async () => {
        sampling.abort();
        await posting.catch(() => undefined); // it ends by that abort
      });
    }
    let stopping = false;
    const broken = new Promise<ReckonError>((resolve) => {
      void chain.exited.then(() => {
        if (!stopping) resolve(chainEnded(chain.rpcUrl));
      });
    });
    return {
      url,
      embedUrl: `http://127.0.0.1:${embedPort}`,
      port,
      embedPort,
      rpcUrl: chain.rpcUrl,
      deployment,
      dataDir,
      get relayPid() {
        return relay.pid;
      },
      get housePid() {
        return house?.pid;
      },
      broken,
      stop() {
        stopping = true;
        return stop();
      },
    };
  } catch (error) {
    await stop();
    throw toReckonError(error);
  }
}

const chainEnded = (url: string): ReckonError =>
  new ReckonError('CHAIN_UNREACHABLE', { url, cause: 'the embedded chain has ended' });

/** A chain that is not ours: nothing to start, to keep or to stop. */
async function givenChain(rpcUrl: string): Promise<Chain> {
  const chainId = Number(await callRpc(rpcUrl, 'eth_chainId'));
  const nothing = () => Promise.resolve();
  return { rpcUrl, chainId, save: nothing, stop: nothing, exited: new Promise(() => undefined) };
}
