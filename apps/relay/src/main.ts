import { toReckonError, toWire } from '@reckon/protocol/base/errors';
import { readProcessConfig } from './config.ts';
import { createLog } from './log.ts';
import { createRelay } from './relay.ts';

/** Longest a stop may take before the process ends anyway. */
const STOP_MS = 2_500;

/** One line for whoever started us: on stdout, and as a message when there is an IPC channel. */
function announce(message: { ready: boolean } & Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
  process.send?.(message);
}

function fail(error: unknown): never {
  announce({ ready: false, error: toWire(error) });
  process.stderr.write(`${toReckonError(error).message}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  const config = readProcessConfig();
  const log = createLog(config.logLevel);
  const die = (error: unknown) => {
    log.error({ error: toReckonError(error).message }, 'relay.failed');
    // Nothing is saved on the way out: what counted is in the journal, the rest must not be written after a fault.
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  const relay = await createRelay(config, log, die);
  let stopping = false;
  const stop = (why: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ why }, 'relay.stopping');
    setTimeout(() => process.exit(1), STOP_MS).unref();
    // The peer server's timers never end by themselves.
    void relay.close().then(() => process.exit(0));
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('disconnect', () => stop('the launcher is gone'));
  log.info({ port: relay.port, embedPort: relay.embedPort }, 'relay.ready');
  announce({ ready: true, port: relay.port, embedPort: relay.embedPort, pid: process.pid });
}

main().catch(fail);
