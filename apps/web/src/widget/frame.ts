import type { BrowserNode, NodeSnapshot } from '@reckon/node/snapshot';
import { type Greeting, MIN_HEIGHT, readGreeting, readToFrame, type ToHost } from './bridge.ts';
import { askConsent, CONSENT_MAX_SECONDS } from './consent.ts';
import { widgetSettings } from './limits.ts';
import { showPanel } from './panel.ts';

/**
 * Entry of the widget's frame, on our own origin. Small until the person agrees: the engine is loaded after that, and
 * nothing but this page's own files is requested before.
 */
const root = document.getElementById('root') as HTMLElement;
/** The server names the relay where it is not this origin. */
const relayOrigin = location.origin;

addEventListener('message', function greet(event: MessageEvent) {
  const greeting = readGreeting(event.data);
  const [port] = event.ports;
  // Only the page that embeds us may greet, and only once: its origin is what the person is told.
  if (event.source !== parent || greeting === undefined || port === undefined) return;
  removeEventListener('message', greet);
  void attend(greeting, event.origin, port);
});

async function attend(greeting: Greeting, origin: string, port: MessagePort): Promise<void> {
  const tell = (message: ToHost) => port.postMessage(message);
  document.documentElement.dataset['theme'] = greeting.theme;
  const { maxCpu, gpu, site } = greeting;
  const sizes = new ResizeObserver(() => tell({ type: 'height', height: Math.max(MIN_HEIGHT, root.scrollHeight) }));
  sizes.observe(root);
  const refuse = () => {
    tell({ type: 'consent', granted: false, expiresAt: 0 });
    tell({ type: 'done' });
  };
  const ask = () => askConsent({ origin, maxCpu, gpu }, root);

  if (!(await ask())) return refuse();
  const { createBrowserNode } = await import('../node/browser-node.ts');
  const settings = widgetSettings(maxCpu, gpu, navigator.hardwareConcurrency ?? 1);
  const node = createBrowserNode({ relayOrigin, kind: 'widget', settings });
  node.setSettings(settings); // the site's ceiling of today, whatever an earlier visit kept
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await node.forget();
    refuse();
  };
  let hidePanel = () => {};

  /** Runs under a consent just given. */
  const begin = () => {
    const grantedAt = Date.now();
    node.start({ site, grantedAt });
    tell({ type: 'consent', granted: true, expiresAt: grantedAt + CONSENT_MAX_SECONDS * 1000 });
    hidePanel = showPanel(node, root, { start: () => void resume(), stop: () => void stop() });
  };
  /** Goes on under the consent there is; when it has ended, asks for another. */
  const resume = async () => {
    if ((node.getSnapshot().consentExpiresAt ?? 0) > Date.now()) return node.start();
    hidePanel();
    return (await ask()) ? begin() : stop();
  };

  obey(node, port, () => void stop());
  report(node, tell);
  begin();
}

/** Keeps the node on what the host page may say: rest, or go. It cannot start anything. */
function obey(node: BrowserNode, port: MessagePort, stop: () => void): void {
  // Both must see the panel: the host knows what scrolls inside the page, the frame what the browser shows.
  const seen = { host: true, frame: true };
  const look = () => node.setOnScreen(seen.host && seen.frame);
  new IntersectionObserver((entries) => {
    seen.frame = entries.at(-1)?.isIntersecting === true;
    look();
  }).observe(root);

  port.onmessage = ({ data }) => {
    const message = readToFrame(data);
    if (message?.type === 'pause') node.pause();
    if (message?.type === 'stop') stop();
    if (message?.type === 'on-screen') {
      seen.host = message.onScreen;
      look();
    }
  };
}

/** Tells the host page what it may know, and only what is new. */
function report(node: BrowserNode, tell: (message: ToHost) => void): void {
  let told: NodeSnapshot | undefined;
  node.subscribe(() => {
    const snapshot = node.getSnapshot();
    const { state, reason, totals, error } = snapshot;
    if (state !== told?.state || reason !== told.reason) tell({ type: 'state', state, reason });
    if (totals.accepted !== told?.totals.accepted || totals.credits !== told.totals.credits) {
      tell({ type: 'progress', workUnits: totals.accepted, credits: totals.credits });
    }
    if (error !== null && error.code !== told?.error?.code) tell({ type: 'error', code: error.code });
    if (state === 'blocked' && reason === 'unsupported' && told?.state !== 'blocked') {
      tell({ type: 'unsupported', missing: error?.code ?? 'a feature' });
    }
    told = snapshot;
  });
}
