import { SignedConformanceReport } from '@reckon/protocol/wire/conformance';
import type { Context, Hono } from 'hono';
import { addressOf } from './address.ts';
import { readJson } from './input.ts';
import type { HttpPorts } from './ports.ts';
import { json } from './problem.ts';
import { limitRate } from './security.ts';

/** Of one network, signed or not: a visitor sends one a visit. */
const REPORTS_PER_MINUTE = 30;

type Ports = Pick<HttpPorts, 'conformance' | 'coordinator' | 'clock'>;

/** What visitors found when they compared their devices with the reference: unpaid statements, from which nothing follows. */
export function serveConformance(app: Hono, { conformance, coordinator, clock }: Ports): void {
  const networkOf = (context: Context) => coordinator.secrets.networkTag(addressOf(context));
  // Private addresses are of no network, but still of somebody.
  const limit = limitRate(clock, REPORTS_PER_MINUTE, (context) => networkOf(context) ?? addressOf(context));
  app.get('/api/conformance', () => json(conformance.summary()));
  app.post('/api/conformance', limit, async (context) => {
    const signed = await readJson(context, SignedConformanceReport);
    return json({ findings: conformance.take(signed, networkOf(context) ?? '') }, 201);
  });
}
