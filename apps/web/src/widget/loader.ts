import { BRIDGE_VERSION, GREETING, type Greeting, MIN_HEIGHT, readToHost, type ToFrame } from './bridge.ts';

/**
 * The one script a site embeds (docs/embedding.md). It draws a button and nothing else: no request is made to us before
 * the visitor clicks. No library, no consent, no computing here: all of that is in the frame, on our own origin.
 */
const source = (document.currentScript as HTMLScriptElement | null)?.src;

const CSS = `:host{display:inline-block;position:relative;width:320px;max-width:100%;height:${MIN_HEIGHT}px;contain:layout;color-scheme:light dark}
:host([size=compact]){width:240px}:host([theme=light]){color-scheme:light}:host([theme=dark]){color-scheme:dark}
*{box-sizing:border-box;margin:0}
.box{display:flex;flex-direction:column;justify-content:space-between;height:100%;padding:9px 12px;border:1px solid light-dark(#e3ded4,#31353d);border-radius:2px;background:light-dark(#faf8f4,#14161a);color:light-dark(#1c1b19,#eceae4);font:15px/1.35 system-ui,sans-serif}
button{align-self:start;padding:4px 12px;border:1px solid light-dark(#0b6e5f,#45c4ae);border-radius:2px;background:light-dark(#0b6e5f,#45c4ae);color:light-dark(#fff,#14161a);font:inherit;cursor:pointer}
button:focus-visible{outline:2px solid currentColor;outline-offset:2px}
iframe{position:absolute;inset:0 auto auto 0;width:100%;height:100%;border:0;z-index:2147483647}`;

const missing = (): string =>
  ['Worker', 'WebAssembly', 'IntersectionObserver', 'MessageChannel', 'indexedDB']
    .filter((name) => !(name in globalThis))
    .join(', ');

class ReckonNodeElement extends HTMLElement {
  /** As the frame last told: `off` before a click. */
  state = 'off';
  stats = { workUnits: 0, credits: 0 };
  #root: ShadowRoot | undefined;
  #frame: HTMLIFrameElement | undefined;
  #port: MessagePort | undefined;
  #watch: IntersectionObserver | undefined;

  connectedCallback(): void {
    const lacking = source ? missing() : 'the script address';
    // Without what we need the light DOM stays as the site wrote it.
    if (lacking) return this.#emit('unsupported', { missing: lacking });
    if (!this.#root) {
      this.#root = this.attachShadow({ mode: 'closed' });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      this.#root.adoptedStyleSheets = [sheet];
    }
    this.#drawFacade();
    this.#emit('ready', {});
  }

  disconnectedCallback(): void {
    this.#close();
  }

  /** Opens the consent screen, or shows the panel. It never starts anything. */
  open(): void {
    if (this.#frame || !this.#root) return;
    const url = new URL('embed.html', source);
    // The server answers with a policy that lets only this site's pages frame it.
    url.searchParams.set('site', this.getAttribute('site') ?? '');
    const frame = document.createElement('iframe');
    frame.title = 'Reckon';
    frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-popups');
    frame.allow = 'compute-pressure';
    frame.src = url.href;
    frame.onload = () => this.#greet(frame, url.origin);
    this.#frame = frame;
    this.#root.append(frame);
    this.#watch = new IntersectionObserver((entries) => {
      this.#tell({ type: 'on-screen', onScreen: entries.at(-1)?.isIntersecting === true });
    });
    this.#watch.observe(this);
  }

  pause(): void {
    this.#tell({ type: 'pause' });
  }

  /** Withdraws the consent and deletes what is stored. */
  stop(): void {
    this.#tell({ type: 'stop' });
  }

  #drawFacade(): void {
    const box = document.createElement('div');
    const text = document.createElement('p');
    const button = document.createElement('button');
    box.className = 'box';
    text.textContent = this.getAttribute('label') || 'Lend spare computing power to jobs that get checked.';
    button.type = 'button';
    button.textContent = 'See how';
    button.setAttribute('part', 'button');
    button.onclick = () => this.open();
    box.append(text, button);
    this.#root?.replaceChildren(box);
  }

  #greet(frame: HTMLIFrameElement, origin: string): void {
    this.#port?.close();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => this.#hear(data);
    this.#port = port1;
    const theme = this.getAttribute('theme');
    const greeting: Greeting = {
      type: GREETING,
      v: BRIDGE_VERSION,
      site: this.getAttribute('site') ?? '',
      theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
      maxCpu: Number(this.getAttribute('max-cpu')) || 25,
      gpu: /^(on|low)$/.test(this.getAttribute('gpu') ?? ''),
    };
    frame.contentWindow?.postMessage(greeting, origin, [port2]);
  }

  #hear(data: unknown): void {
    const message = readToHost(data);
    if (!message) return;
    switch (message.type) {
      case 'height':
        // The frame may lie over what follows; the place reserved on the page stays the same.
        if (this.#frame) this.#frame.style.height = `${message.height}px`;
        break;
      case 'state':
        this.state = message.state;
        this.#emit('state', { state: message.state, reason: message.reason });
        break;
      case 'progress':
        this.stats = { workUnits: message.workUnits, credits: message.credits };
        this.#emit('progress', this.stats);
        break;
      case 'consent':
        this.#emit('consent', { granted: message.granted, expiresAt: message.expiresAt });
        break;
      case 'error':
        this.#emit('error', { code: message.code });
        break;
      case 'unsupported':
        this.#emit('unsupported', { missing: message.missing });
        break;
      case 'done':
        this.#close();
        this.#drawFacade();
    }
  }

  #tell(message: ToFrame): void {
    this.#port?.postMessage(message);
  }

  /** Removing the frame ends its workers, channels and timers. */
  #close(): void {
    this.#watch?.disconnect();
    this.#port?.close();
    this.#frame?.remove();
    this.#frame = this.#port = this.#watch = undefined;
    this.state = 'off';
  }

  #emit(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(`net-${name}`, { detail, bubbles: true, composed: true }));
  }
}

if (!customElements.get('reckon-node')) customElements.define('reckon-node', ReckonNodeElement);

declare global {
  interface HTMLElementTagNameMap {
    'reckon-node': ReckonNodeElement;
  }
}
