import type { BrowserNode } from '@reckon/node/snapshot';
import { createBrowserNode } from '../../src/node/browser-node.ts';

/** What tests drive: the product's node of this tab. */
declare global {
  var reckonNode: BrowserNode;
}

globalThis.reckonNode = createBrowserNode({
  relayOrigin: location.origin,
  kind: 'tab',
  settings: { workers: 1, gpu: false },
});
