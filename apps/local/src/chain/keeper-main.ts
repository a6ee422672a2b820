// The embedded chain in a process of its own: it outlives a killed parent just long enough to write the chain's state.
import { toReckonError, toWire } from '@reckon/protocol/base/errors';
import { readKeeperOptions } from '../config.ts';
import { startKeeper } from './keeper.ts';

try {
  const keeper = await startKeeper(readKeeperOptions());
  let stopping: Promise<never> | undefined;
  const stop = () => {
    stopping ??= keeper.stop().then(() => process.exit(0));
  };
  process.on('disconnect', stop);
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('message', (message) => {
    if (message === null || typeof message !== 'object' || !('dump' in message)) return;
    keeper.dump().then(
      () => process.send?.({ dumped: message.dump }),
      (error: unknown) => process.send?.({ dumped: message.dump, error: toWire(error) }),
    );
  });
  void keeper.exited.then(() => stopping ?? process.exit(1));
  process.send?.({ ready: true, rpcUrl: keeper.rpcUrl });
} catch (thrown) {
  process.send?.({ ready: false, error: toWire(toReckonError(thrown)) }, () => process.exit(1));
}
