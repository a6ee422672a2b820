import type { KernelRules } from '@reckon/kernels/kernel';
import type { WorkUnitId } from '@reckon/protocol/base/ids';
import { addressOfKey } from '@reckon/protocol/base/signature';
import type { TypedDomain } from '@reckon/protocol/base/typed-data';
import type { KernelRef } from '@reckon/protocol/model/kernel-manifest';
import { connectSocket } from './connect-websocket.ts';
import { createTestNode, type LeaseMessage, type TestNode } from './test-node.ts';

export interface SteadyNode {
  nodeId: string;
  /** Units the relay said are stored. */
  readonly stored: ReadonlySet<WorkUnitId>;
  /** Refusals and verdicts, by code, for the report of a failing test. */
  readonly told: Map<string, number>;
  stop(): void;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A node that keeps its results until they are acknowledged and reconnects for as long as it must. */
export function runSteadyNode(settings: {
  url: string;
  key: Uint8Array;
  domain: TypedDomain;
  kernels: readonly KernelRef[];
  rules?: (name: string) => KernelRules;
  slots: number;
  compute(lease: LeaseMessage): Promise<Uint8Array>;
}): SteadyNode {
  const stored = new Set<WorkUnitId>();
  const told = new Map<string, number>();
  const pending = new Map<WorkUnitId, { lease: LeaseMessage; bytes: Uint8Array }>();
  const begun = new Set<WorkUnitId>();
  let stopped = false;
  let current: TestNode | undefined;
  const nodeId = addressOfKey(settings.key);

  function deliver(node: TestNode, { lease, bytes }: { lease: LeaseMessage; bytes: Uint8Array }): void {
    node.attest([node.leafOf(lease, bytes)]);
    node.sendBlob(bytes);
  }

  async function work(lease: LeaseMessage): Promise<void> {
    if (begun.has(lease.workUnitId)) return;
    begun.add(lease.workUnitId);
    const result = { lease, bytes: await settings.compute(lease) };
    pending.set(lease.workUnitId, result);
    try {
      if (current !== undefined) deliver(current, result);
    } catch {
      // The connection is gone: it is delivered after the next welcome.
    }
  }

  function hear(node: TestNode): void {
    const count = (what: string) => void told.set(what, (told.get(what) ?? 0) + 1);
    const settle = async () => {
      for (let seen = 0; !stopped; ) {
        const message = node.messages[seen];
        if (message === undefined) {
          if (current !== node) return;
          await pause(2);
          continue;
        }
        seen++;
        if (message.type === 'lease') void work(message);
        if (message.type === 'stored') {
          for (const id of message.workUnitIds) {
            stored.add(id);
            pending.delete(id);
          }
        }
        if (message.type === 'verdict') {
          count(message.verdict);
          pending.delete(message.workUnitId);
          // It may be leased again.
          if (message.verdict === 'expired') begun.delete(message.workUnitId);
        }
        if (message.type === 'revoked') pending.delete(message.workUnitId);
        if (message.type === 'refused') {
          count(message.error.code);
          if (message.workUnitId !== undefined) {
            pending.delete(message.workUnitId);
            begun.delete(message.workUnitId);
          }
        }
      }
    };
    void settle();
  }

  async function live(): Promise<void> {
    while (!stopped) {
      try {
        const channel = await connectSocket(settings.url);
        const node = createTestNode({ ...settings, channel, now: Date.now });
        await Promise.race([node.hello().then(() => node.next('welcome')), node.closed.then(() => Promise.reject())]);
        current = node;
        hear(node);
        for (const result of pending.values()) deliver(node, result);
        node.send({ type: 'ready', slots: settings.slots });
        await Promise.race([node.closed, waitFor(() => stopped)]);
        channel.close('bye');
      } catch {
        // The relay is down, or went down in the middle of it.
      }
      current = undefined;
      await pause(20);
    }
  }
  void live();
  return {
    nodeId,
    stored,
    told,
    stop() {
      stopped = true;
    },
  };
}

async function waitFor(done: () => boolean): Promise<void> {
  while (!done()) await pause(20);
}
