import { tryParse } from '@reckon/protocol/base/parse';
import { LiveEvent } from '@reckon/protocol/wire/http';
import { type HttpContext, refusalOf, send } from './http.ts';

/** Longest line of an event stream; a longer one is not ours. */
const MAX_LINE_CHARS = 64 * 1024;

/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) read through `fetch`, so that
 * Node and browsers share the code. Comments, unknown fields and events of a newer relay are passed over.
 * @throws {ReckonError} RELAY_UNREACHABLE when the stream cannot be opened; ends silently when it breaks.
 */
export async function* readEvents(
  context: HttpContext,
  topics: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<LiveEvent> {
  const path = `/api/events?topics=${encodeURIComponent(topics.join(','))}`;
  const init = { headers: { accept: 'text/event-stream' }, ...(signal === undefined ? {} : { signal }) };
  const response = await send(context, path, init);
  if (!response.ok || response.body === null) throw await refusalOf(context, response);
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const lines = text.split(/\r\n|\n|\r/);
      text = lines.pop() ?? '';
      if (text.length > MAX_LINE_CHARS) return;
      for (const line of lines) {
        const event = line.startsWith('data:') ? parseEvent(line.slice(5)) : undefined;
        if (event !== undefined) yield event;
      }
    }
  } catch (error) {
    if (!signal?.aborted && !(error instanceof Error)) throw error;
    return; // the stream broke: the caller asks again or polls
  } finally {
    await reader.cancel().catch(() => undefined); // a broken stream cannot be cancelled, and need not be
  }
}

/** The relay writes one event as one `data:` line. */
function parseEvent(data: string): LiveEvent | undefined {
  try {
    const parsed = tryParse(LiveEvent, JSON.parse(data));
    return parsed.ok ? parsed.value : undefined;
  } catch {
    return undefined; // not JSON: not ours
  }
}
