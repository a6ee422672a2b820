import { createRelayClient, type RelayClient } from '@reckon/client/relay-client';
import { createLiveHub, type LiveHub } from './live-hub.ts';

/** The relay that served this page. */
export const relay: RelayClient = createRelayClient(location.origin);

/** Events by the same client; its `fetch` is observed, because comments and silence tell how fresh the page is. */
export const live: LiveHub = createLiveHub(
  {
    open(topics, signal, onBytes) {
      const client = createRelayClient(location.origin, {
        fetch: async (url, init) => {
          const response = await fetch(url, init);
          if (!response.ok || response.body === null) return response;
          onBytes();
          const observer = new TransformStream<Uint8Array, Uint8Array>({
            transform(chunk, controller) {
              onBytes();
              controller.enqueue(chunk);
            },
          });
          return new Response(response.body.pipeThrough(observer), response);
        },
      });
      return client.events(topics, signal);
    },
  },
  Date.now,
);
