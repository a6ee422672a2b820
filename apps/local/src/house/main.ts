// The house node: a headless volunteer of the relay's operator, in a process of its own and shown as such.
import { createHeadlessNode } from '@reckon/node/headless/headless-node';
import { toReckonError, toWire } from '@reckon/protocol/base/errors';
import type { Log } from '@reckon/protocol/base/ports';
import { takeHouseSettings } from '../config.ts';

const ignore = () => undefined;
const write = (fields: Readonly<Record<string, unknown>>, event: string) =>
  void process.stderr.write(`${event} ${JSON.stringify(fields)}\n`);
const log: Log = { debug: ignore, info: ignore, warn: write, error: write };

try {
  const node = await createHeadlessNode({
    ...takeHouseSettings(),
    kind: 'house',
    agent: 'reckon house node',
    log,
  });
  node.start();
  const stop = () => {
    node.close();
    // The goodbye is on its way; nothing else is worth waiting for.
    setTimeout(() => process.exit(0), 100);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.once('disconnect', stop);
  process.send?.({ ready: true, nodeId: node.nodeId });
} catch (thrown) {
  process.send?.({ ready: false, error: toWire(toReckonError(thrown)) }, () => process.exit(1));
}
