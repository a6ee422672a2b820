import { ReckonError } from '@reckon/protocol/base/errors';
import { Address } from '@reckon/protocol/base/ids';
import { parse } from '@reckon/protocol/base/parse';
import type { Hono } from 'hono';
import * as v from 'valibot';
import { getAccount } from '../read-model/queries/accounts.ts';
import { listEpochs } from '../read-model/queries/epochs.ts';
import { getNode, listNodeUnits } from '../read-model/queries/nodes.ts';
import { nodeIdIn, readNumber } from './input.ts';
import type { HttpPorts } from './ports.ts';
import { json } from './problem.ts';

/** What the widget may read too: a node's own page of figures. */
export function serveNodes(app: Hono, { db, standing }: HttpPorts): void {
  app.get('/api/nodes/:nodeId', async (context) => {
    const nodeId = nodeIdIn(context);
    const node = await getNode(db, nodeId, standing);
    if (node === undefined) throw new ReckonError('NODE_UNKNOWN', { nodeId });
    return json(node);
  });

  app.get('/api/nodes/:nodeId/units', async (context) => {
    const nodeId = nodeIdIn(context);
    if ((await getNode(db, nodeId, standing)) === undefined) throw new ReckonError('NODE_UNKNOWN', { nodeId });
    return json(await listNodeUnits(db, nodeId, readNumber(context, 'limit')));
  });
}

export function serveNetwork(app: Hono, { db, network, standing }: HttpPorts): void {
  app.get('/api/accounts/:address', async (context) => {
    const { address } = parse(v.object({ address: Address }), { address: context.req.param('address') });
    return json(await getAccount(db, address, standing));
  });
  app.get('/api/network', () => json(network()));
  app.get('/api/epochs', async (context) => json(await listEpochs(db, readNumber(context, 'limit'))));
}
