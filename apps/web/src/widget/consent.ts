import { element } from './element.ts';
import { watchTrulyVisible } from './truly-visible.ts';

/** Long enough that a button put under a moving pointer is not pressed by mistake. */
const DWELL_MS = 1_000;

/** As the relay checks it (`packages/protocol/src/model/consent.ts`, which is not loaded before a yes). */
export const CONSENT_MAX_SECONDS = 24 * 60 * 60;

export interface ConsentRequest {
  /** Origin of the page that asks, as the browser tells it. */
  origin: string;
  maxCpu: number;
  gpu: boolean;
}

/** The text in force (`CONSENT_TEXT_VERSION` 2026-11). It is ours: a site can neither change nor hide it. */
const facts = ({ origin, maxCpu, gpu }: ConsentRequest): [string, string][] => {
  const graphics = gpu ? 'and the graphics processor' : 'not the graphics processor';
  return [
    ['Who benefits', `People who post jobs on Reckon. ${new URL(origin).host} asks you on their behalf.`],
    ['What is used', `Up to ${maxCpu}% of your processor, ${graphics}; some memory, network and power.`],
    ['Limits', 'Only while this panel is on screen, not on battery, for 24 hours at most.'],
    ['To stop', 'Press Pause or Stop. Stop also deletes all that is stored here.'],
  ];
};

/**
 * Asks the person. No is the default: it has the focus, and Agree works only once the panel has been in plain sight for a
 * second.
 * @returns whether they agreed.
 */
export function askConsent(request: ConsentRequest, into: HTMLElement): Promise<boolean> {
  const no = element('button', { type: 'button', text: 'No, thanks' });
  const agree = element('button', { type: 'button', text: 'Agree and start', className: 'primary', disabled: true });
  const list = element('dl', {});
  for (const [term, text] of facts(request)) list.append(element('dt', { text: term }), element('dd', { text }));
  const title = element('h1', { text: 'Lend spare computing power?', id: 'title' });
  const actions = element('div', { className: 'actions' });
  actions.append(no, agree);
  const box = element('section', { className: 'consent' });
  box.setAttribute('role', 'dialog');
  box.setAttribute('aria-labelledby', 'title');
  box.append(title, list, actions);
  into.replaceChildren(box);
  no.focus();

  let timer: ReturnType<typeof setTimeout> | undefined;
  const stopWatching = watchTrulyVisible(box, (visible) => {
    clearTimeout(timer);
    agree.disabled = true;
    if (!visible) return;
    timer = setTimeout(() => {
      agree.disabled = false;
    }, DWELL_MS);
  });

  return new Promise((resolve) => {
    const answer = (agreed: boolean) => (event: Event) => {
      // A script on the page cannot reach in here; a browser extension's click is not a person's either.
      if (agreed && !event.isTrusted) return;
      clearTimeout(timer);
      stopWatching();
      resolve(agreed);
    };
    no.addEventListener('click', answer(false));
    agree.addEventListener('click', answer(true));
  });
}
