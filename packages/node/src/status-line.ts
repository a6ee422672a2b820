import type { BlockReason, NodeState, PauseReason, StatusLine } from './snapshot.ts';

const pauses: Record<PauseReason, { reason?: string; next: string }> = {
  user: { next: 'Press Start to go on.' },
  finished: { reason: 'finished what it held', next: 'Press Start to go on.' },
  'on-battery': { reason: 'on battery', next: 'Resumes when plugged in.' },
  'battery-low': { reason: 'battery below 50 %', next: 'Resumes when charged or plugged in.' },
  'save-data': { reason: 'this browser saves data', next: 'Resumes when data saving is off.' },
  pressure: { reason: 'this device is busy', next: 'Resumes when it has room again.' },
  hidden: { reason: 'the tab is hidden', next: 'Resumes when you look at it.' },
  'off-screen': { reason: 'not on screen', next: 'Resumes when you scroll back to it.' },
  offline: { reason: 'no network', next: 'Resumes when you are online.' },
};

const blocks: Record<BlockReason, { reason: string; next: string }> = {
  'no-consent': { reason: 'no consent', next: 'Press Start and agree.' },
  'consent-expired': { reason: 'your consent has ended', next: 'Press Start to give it again.' },
  unsupported: { reason: 'this browser cannot compute', next: 'Use a current Chrome, Edge, Firefox or Safari.' },
  outdated: { reason: 'this page is older than the relay', next: 'Reload to update.' },
  refused: { reason: 'the relay refused this node', next: 'Press Start to try again.' },
  barred: {
    reason: 'a result of this device or its wallet was found to be wrong',
    next: 'The list of recent units says which; the page on verdicts says what to do.',
  },
};

export interface StatusFacts {
  state: NodeState;
  reason: PauseReason | BlockReason | null;
  connected: boolean;
  /** Seconds until the next attempt to connect. */
  retryInSeconds?: number | undefined;
  /** What is being computed, as "digits for Ada". */
  doing?: string | undefined;
  /** When a barred node gets work again, as ISO time. */
  barredUntil?: string | undefined;
  /** What the relay said when it had no work. */
  idle?: string | undefined;
}

function starting(facts: StatusFacts): StatusLine {
  if (facts.retryInSeconds === undefined) return { title: 'Starting', reason: 'connecting to the relay' };
  const next = facts.retryInSeconds > 0 ? `Tries again in ${facts.retryInSeconds} s.` : 'Trying again.';
  return { title: 'Starting', reason: 'the relay does not answer', next };
}

/** Nothing that its person does changes it before. */
const barred = ({ reason, barredUntil }: StatusFacts): Pick<StatusLine, 'next'> =>
  reason === 'barred' && barredUntil !== undefined
    ? { next: `Gets work again after ${barredUntil.slice(0, 10)}; the list of recent units says which result it was.` }
    : {};

/** State · reason · what changes it, in words. Pure. */
export function statusLine(facts: StatusFacts): StatusLine {
  const away = facts.connected ? {} : { next: 'Reconnecting; results are kept until then.' };
  switch (facts.state) {
    case 'off':
      return { title: 'Off', next: 'Press Start to compute.' };
    case 'starting':
      return starting(facts);
    case 'waiting':
      return {
        title: 'Waiting',
        reason: facts.idle ?? 'no work for this device now',
        next: 'Goes on when a unit is free.',
      };
    case 'computing':
      return { title: 'Computing', ...(facts.doing === undefined ? {} : { reason: facts.doing }), ...away };
    case 'finishing':
      return {
        title: 'Finishing',
        reason: facts.doing ?? 'sending results',
        next: 'Pauses when they are stored.',
        ...away,
      };
    case 'paused':
      return { title: 'Paused', ...pauses[(facts.reason ?? 'user') as PauseReason] };
    case 'blocked':
      return { title: 'Blocked', ...blocks[(facts.reason ?? 'refused') as BlockReason], ...barred(facts) };
  }
}
