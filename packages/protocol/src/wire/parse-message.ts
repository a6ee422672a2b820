import type * as v from 'valibot';
import { ReckonError } from '../base/errors.ts';
import { parse } from '../base/parse.ts';
import { MAX_CONTROL_CHARS, NodeMessage, RelayMessage } from './messages.ts';

function parseText<S extends v.GenericSchema>(schema: S, text: string): v.InferOutput<S> {
  if (text.length > MAX_CONTROL_CHARS) {
    throw new ReckonError('MESSAGE_TOO_LARGE', { limitBytes: MAX_CONTROL_CHARS, sizeBytes: text.length });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ReckonError('MESSAGE_INVALID', { path: '(whole)', expected: 'JSON', received: text.slice(0, 40) });
  }
  return parse(schema, json);
}

/** @throws {ReckonError} MESSAGE_TOO_LARGE or MESSAGE_INVALID; never anything else, whatever the text. */
export const parseNodeMessage = (text: string): NodeMessage => parseText(NodeMessage, text);

/** @throws {ReckonError} MESSAGE_TOO_LARGE or MESSAGE_INVALID. */
export const parseRelayMessage = (text: string): RelayMessage => parseText(RelayMessage, text);
