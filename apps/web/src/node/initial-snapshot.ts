import type { NodeSettings } from '@reckon/node/settings';
import type { NodeSnapshot } from '@reckon/node/snapshot';
import { statusLine } from '@reckon/node/status-line';

/** What is known of a node before its engine has spoken: nothing, and it is off. */
export const initialSnapshot = (settings: NodeSettings): NodeSnapshot => ({
  nodeId: null,
  state: 'off',
  reason: null,
  status: statusLine({ state: 'off', reason: null, connected: false }),
  units: [],
  totals: { accepted: 0, waiting: 0, disagreed: 0, expired: 0, failed: 0, checks: 0, credits: 0, reward: '0' },
  log: [],
  channel: { kind: null, connected: false, retryAt: null, bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 },
  capabilities: null,
  settings,
  consentExpiresAt: null,
  payoutAddress: null,
  busyShare: 0,
  startedAt: null,
  firstAcceptedAt: null,
  error: null,
  at: Date.now(),
});
