import type { Log } from '@reckon/protocol/base/ports';
import pino, { type DestinationStream, type LevelWithSilent } from 'pino';

/** Never written, wherever they appear in a log's fields (two levels deep): keys, tickets, signatures and bodies. */
export const REDACTED_FIELDS = [
  'operatorKey',
  'faucetKey',
  'key',
  'token',
  'secret',
  'signature',
  'privateKey',
  'body',
];

/** A JSON log on stderr; stdout carries only the ready line. */
export function createLog(level: LevelWithSilent, destination: DestinationStream = pino.destination(2)): Log {
  const paths = REDACTED_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  const logger = pino({ level, base: null, redact: { paths, censor: '[redacted]' } }, destination);
  return {
    debug: (fields, event) => logger.debug(fields, event),
    info: (fields, event) => logger.info(fields, event),
    warn: (fields, event) => logger.warn(fields, event),
    error: (fields, event) => logger.error(fields, event),
  };
}
