import { recoverAddress } from '@reckon/protocol/base/signature';
import { DEFAULT_TRUST } from '@reckon/protocol/model/trust-constants';
import type { Log } from '@reckon/protocol/base/ports';
import type { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import type { VirtualTime } from '@reckon/protocol/testing/virtual-time';
import { createCoordinator } from '@reckon/relay/coordinator';
import { createReferee } from '@reckon/relay/evidence/referee';
import { createStoredResults } from '@reckon/relay/evidence/stored-result';
import { readSpec } from '@reckon/relay/job-checks';
import type { Journal } from '@reckon/relay/journal/journal';
import { forgetReveals } from '@reckon/relay/reveals/forget-reveals';
import { createSecrets } from '@reckon/relay/secrets/secrets';
import { createSessions } from '@reckon/relay/session/registry';
import type { createMemoryBlobs } from '@reckon/relay/testing/memory-blobs';
import type { createMemoryJournal } from '@reckon/relay/testing/memory-journal';
import type { createMemoryReveals } from '@reckon/relay/testing/memory-reveals';
import { testKernels } from '@reckon/relay/testing/test-kernel';
import { contracts, domain, OPERATOR } from '@reckon/relay/testing/world';

const HEARTBEAT_MS = 5_000;
const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A relay that can be killed at any moment: what it had not flushed by then is gone. */
export async function openRelay(time: VirtualTime, random: ReturnType<typeof createSeededRandom>, disk: Disk) {
  let killed = false;
  let opened = false;
  const journal: Journal = {
    get size() {
      return disk.journal.size;
    },
    read: disk.journal.read,
    close() {},
    async append(entries) {
      // A disk takes its time, and a kill may come before it has written.
      if (opened) await time.sleep(random.below(8));
      if (killed) await new Promise(() => {});
      await disk.journal.append(entries);
    },
  };
  const failures: unknown[] = [];
  const reveals = {
    ...disk.reveals,
    put: (reveal: Parameters<typeof disk.reveals.put>[0]) =>
      killed ? new Promise<never>(() => {}) : disk.reveals.put(reveal),
  };
  let settleDisputes = () => {};
  const coordinator = await createCoordinator(
    {
      clock: time,
      random,
      log: silent,
      journal,
      specOf: (digest) => readSpec(disk.blobs, digest),
      reveals,
      secretsOf: (relayId) => createSecrets(`0x${'07'.repeat(32)}`, relayId),
      listeners: [forgetReveals(reveals)],
      onReferee: () => settleDisputes(),
      defer: (run) => void setImmediate(run),
      onFatal: (error) => void failures.push(error),
    },
    {
      relayId: 'engines',
      chainId: domain.chainId,
      settlement: contracts.settlement,
      escrow: contracts.escrow,
      operator: OPERATOR,
      feeBps: 500,
      graceMs: 10_000,
      trust: { ...DEFAULT_TRUST, holdChecked: 0 },
    },
  );
  opened = true;
  const stored = createStoredResults({ blobs: disk.blobs, reveals });
  const referee = createReferee({ coordinator, blobs: disk.blobs, kernels: testKernels, stored, log: silent });
  settleDisputes = () => void referee.poke();
  const sessions = createSessions({
    coordinator,
    blobs: disk.blobs,
    reveals,
    stored,
    kernels: testKernels,
    clock: time,
    random,
    log: silent,
    recover: recoverAddress,
    verifyWallet: async () => true,
    domain,
    isSite: () => false,
    heartbeatMs: HEARTBEAT_MS,
    meter: { received() {}, sent() {}, refused() {}, busy() {} },
    progress: { note() {}, forgetNode() {} },
  });
  const every = (ms: number, action: () => void): void => {
    time.after(ms, () => {
      if (killed) return;
      action();
      every(ms, action);
    });
  };
  every(250, () => coordinator.tick());
  every(HEARTBEAT_MS, () => sessions.checkAlive());
  every(15_000, () => coordinator.sealIfDue());
  return {
    coordinator,
    sessions,
    failures,
    kill() {
      killed = true;
    },
  };
}

export interface Disk {
  journal: ReturnType<typeof createMemoryJournal>;
  blobs: ReturnType<typeof createMemoryBlobs>;
  reveals: ReturnType<typeof createMemoryReveals>;
}
