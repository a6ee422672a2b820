import { SignedConformanceReport } from '@reckon/protocol/wire/conformance';
import type { Hono } from 'hono';
import { readJson } from './input.ts';
import type { HttpPorts } from './ports.ts';
import { json } from './problem.ts';

/** What visitors found when they compared their devices with the reference: unpaid statements, from which nothing follows. */
export function serveConformance(app: Hono, { conformance }: Pick<HttpPorts, 'conformance'>): void {
  app.get('/api/conformance', () => json(conformance.summary()));
  app.post('/api/conformance', async (context) => {
    const signed = await readJson(context, SignedConformanceReport);
    return json({ findings: conformance.take(signed) }, 201);
  });
}
