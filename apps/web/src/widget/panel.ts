import type { BrowserNode, LoggedUnit, NodeSnapshot } from '@reckon/node/snapshot';
import { type Steady, steady } from '../node/steady.ts';
import { element } from './element.ts';

/** The looks of a cell; shape and pattern carry the meaning (panel styles in frame.css). */
type Look = 'pending' | 'computing' | 'accepted' | 'waiting' | 'refused';
interface Cell {
  look: Look;
  /** 0..1 while computing. */
  fill: number;
}

/** A tally: five cells. */
const CELLS = 5;

const lookOf = ({ outcome }: LoggedUnit): Look => {
  if (outcome === 'accepted' || outcome === 'checked') return 'accepted';
  return outcome === 'sending' || outcome === 'waiting' ? 'waiting' : 'refused';
};

/** The newest five units, oldest first: finished, then computing, then room for more. Pure. */
export function cellsOf({ log, units }: Pick<NodeSnapshot, 'log' | 'units'>): Cell[] {
  const computing = units
    .filter(({ phase }) => phase === 'computing')
    .slice(0, CELLS - 1)
    .map(({ progress }): Cell => ({ look: 'computing', fill: progress }));
  const finished = log
    .slice(0, CELLS - Math.max(1, computing.length))
    .map((unit): Cell => ({ look: lookOf(unit), fill: 0 }))
    .reverse();
  const cells = [...finished, ...computing];
  const empty = Array.from({ length: CELLS - cells.length }, (): Cell => ({ look: 'pending', fill: 0 }));
  return [...cells, ...empty];
}

/** One sentence: state, reason, what changes it. Pure. */
export function sentenceOf({ status, totals, state }: Pick<NodeSnapshot, 'status' | 'totals' | 'state'>): string {
  const line = [status.title, status.reason].filter(Boolean).join(' · ');
  const done = totals.accepted === 1 ? '1 unit accepted' : `${totals.accepted} units accepted`;
  return state === 'computing' || state === 'waiting' ? `${line}. ${done}.` : `${line}. ${status.next ?? ''}`.trim();
}

export interface PanelActions {
  start: () => void;
  stop: () => void;
}

/** Draws the node in 320 × 96: five cells, one sentence, one button, and Stop. @returns how to take it down. */
export function showPanel(node: BrowserNode, into: HTMLElement, actions: PanelActions): () => void {
  const cells = Array.from({ length: CELLS }, () => element('span', { className: 'cell' }));
  const tally = element('div', { className: 'tally' });
  tally.setAttribute('role', 'img');
  tally.append(...cells);
  const sentence = element('p', { className: 'sentence' });
  const spoken = element('p', { className: 'spoken' });
  spoken.setAttribute('role', 'status');
  const toggle = element('button', { type: 'button', className: 'primary' });
  const stop = element('button', { type: 'button', text: 'Stop', className: 'quiet' });
  stop.title = 'Withdraws your consent and deletes what is stored here';
  const buttons = element('div', { className: 'actions' });
  buttons.append(toggle, stop);
  const top = element('div', { className: 'top' });
  top.append(tally, buttons);
  const box = element('section', { className: 'panel' });
  box.append(top, sentence, spoken);
  into.replaceChildren(box);

  const isResting = () => ['off', 'paused', 'blocked'].includes(node.getSnapshot().state);
  toggle.addEventListener('click', () => (isResting() ? actions.start() : node.pause()));
  stop.addEventListener('click', actions.stop);

  const say = announcer(spoken);
  let shown: Steady | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  const draw = () => {
    const now = Date.now();
    const newest = node.getSnapshot();
    shown = steady(shown, newest, now);
    const { snapshot } = shown;
    clearTimeout(again);
    if (snapshot !== newest) again = setTimeout(draw, shown.holdUntil - now);
    cellsOf(snapshot).forEach(({ look, fill }, index) => {
      const cell = cells[index] as HTMLElement;
      cell.dataset['look'] = look;
      cell.style.setProperty('--fill', String(fill));
    });
    const { accepted, waiting } = snapshot.totals;
    const full = cellsOf(snapshot).every(({ look }) => look === 'accepted');
    tally.classList.toggle('full', full);
    tally.setAttribute('aria-label', `${accepted} units accepted, ${waiting} waiting`);
    const text = sentenceOf(snapshot);
    if (sentence.textContent !== text) sentence.textContent = text;
    say.about(text);
    toggle.textContent = isResting() ? 'Start' : 'Pause';
  };
  const unsubscribe = node.subscribe(draw);
  draw();
  return () => {
    unsubscribe();
    clearTimeout(again);
    say.stop();
  };
}

/** A listener is told at most this often what a reader sees change. */
const ANNOUNCE_MS = 10_000;

/** Writes the newest text where a screen reader hears it, never more than once in ten seconds. */
function announcer(into: HTMLElement) {
  let newest = '';
  let saidAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    about(text: string) {
      newest = text;
      timer ??= setTimeout(
        () => {
          timer = undefined;
          saidAt = Date.now();
          if (into.textContent !== newest) into.textContent = newest;
        },
        Math.max(0, saidAt + ANNOUNCE_MS - Date.now()),
      );
    },
    stop: () => clearTimeout(timer),
  };
}
