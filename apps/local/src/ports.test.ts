import { createServer } from 'node:net';
import { ReckonError } from '@reckon/protocol/base/errors';
import { expect, test } from 'vitest';
import { choosePorts, onFreePorts } from './ports.ts';

const inUse = (port: number) => new ReckonError('PORT_IN_USE', { port });

test('ports that nobody named are chosen again when somebody took them meanwhile; named ones are not', async () => {
  const settings = await choosePorts(0);
  const first = settings.port;
  const tried: number[] = [];
  const start = async () => {
    tried.push(settings.port);
    if (settings.port === first) throw inUse(first);
    return 'started';
  };
  expect(await onFreePorts(settings, 0, start)).toBe('started');
  expect(tried).toEqual([first, settings.port]);
  await expect(onFreePorts({ ...settings }, 4280, () => Promise.reject(inUse(4280)))).rejects.toMatchObject({
    code: 'PORT_IN_USE',
  });
});

test('whatever else goes wrong is not tried again, and three times are enough', async () => {
  const settings = await choosePorts(0);
  let count = 0;
  const fail = (error: Error) => async () => {
    count++;
    throw error;
  };
  await expect(onFreePorts(settings, 0, fail(new Error('no')))).rejects.toThrow('no');
  expect(count).toBe(1);
  await expect(onFreePorts(settings, 0, fail(inUse(1)))).rejects.toMatchObject({ code: 'PORT_IN_USE' });
  expect(count).toBe(4);
});

test('a named port that is taken is refused at once', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await expect(choosePorts(port)).rejects.toMatchObject({ code: 'PORT_IN_USE', details: { port } });
  server.close();
});
