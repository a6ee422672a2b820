import { ReckonError, toReckonError } from '@reckon/protocol/base/errors';
import { Hono } from 'hono';
import { addressOf } from './address.ts';
import { serveBlobs } from './blobs.ts';
import { serveConformance } from './conformance.ts';
import { serveEvents } from './events.ts';
import { serveJobs } from './jobs.ts';
import { LOG_PATH, serveLog } from './log.ts';
import { serveNetwork, serveNodes } from './nodes.ts';
import { answerOwnHosts, ownHosts } from './hosts.ts';
import type { HttpPorts } from './ports.ts';
import { problemOf } from './problem.ts';
import { serveRpc } from './rpc.ts';
import { limitRate, secureApp, secureEmbed } from './security.ts';
import { serveConfig, serveFaucet, serveHealth } from './service.ts';
import { serveFile } from './static.ts';
import { serveUnits } from './units.ts';

function createApp(ports: HttpPorts): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    ports.metrics.requested(context.res.status);
  });
  app.use(answerOwnHosts(ownHosts([ports.publicOrigin, ports.embedOrigin])));
  const limit = limitRate(ports.clock, ports.requestsPerMinute, addressOf);
  for (const paths of ['/api/*', '/rpc', '/metrics', `${LOG_PATH}/*`]) app.use(paths, limit);
  // One of the four outer catches.
  app.onError((error) => {
    const { code, message } = toReckonError(error);
    if (code === 'UNEXPECTED') ports.log.error({ error: message, stack: error.stack }, 'http.failed');
    return problemOf(error);
  });
  app.notFound((context) => problemOf(new ReckonError('NOT_FOUND', { what: context.req.path.slice(0, 200) })));
  return app;
}

/** The main listener: API, chain bridge and dashboard. docs/api.md lists the calls. */
export function createMainApp(ports: HttpPorts): Hono {
  const app = createApp(ports);
  app.use(secureApp);
  serveHealth(app, ports);
  serveConfig(app, ports);
  serveBlobs(app, ports);
  serveJobs(app, ports);
  serveUnits(app, ports);
  serveNodes(app, ports);
  serveNetwork(app, ports);
  serveConformance(app, ports);
  serveEvents(app, ports);
  serveFaucet(app, ports);
  serveRpc(app, ports);
  serveLog(app, ports);
  app.get('*', async (context, next) => {
    const isApi = context.req.path.startsWith('/api/');
    const { webDir } = ports;
    if (isApi || webDir === undefined) return next();
    return (await serveFile(context, webDir, '/index.html')) ?? next();
  });
  return app;
}

/** The widget's own origin: its files, and what a node needs to join. No jobs, no money, no chain. */
export function createEmbedApp(ports: HttpPorts): Hono {
  const app = createApp(ports);
  app.use(secureEmbed(ports.sites));
  serveConfig(app, ports);
  serveNodes(app, ports);
  app.get('*', async (context, next) => {
    const { embedDir } = ports;
    if (embedDir === undefined || context.req.path.startsWith('/api/')) return next();
    const response = await serveFile(context, embedDir, undefined);
    if (response !== undefined && /^\/loader[^/]*\.js$/.test(context.req.path)) {
      // A stranger's page fetches it, also with `crossorigin` and an integrity hash.
      response.headers.set('access-control-allow-origin', '*');
      response.headers.set('cross-origin-resource-policy', 'cross-origin');
    }
    return response ?? next();
  });
  return app;
}
