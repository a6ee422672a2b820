import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { acceptsNodeStore, unsentResult } from '../../testing/store-acceptance.ts';
import { openFileStore } from './file-store.ts';
import { lockFolder } from './folder-lock.ts';

const folders: string[] = [];
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-store-'));
  folders.push(folder);
  return folder;
};
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

acceptsNodeStore('files', async (capBytes) => openFileStore(await newFolder(), capBytes));

test('the key file is readable by its owner only', async () => {
  const folder = await newFolder();
  const store = await openFileStore(folder, 100);
  await store.writeKey(new Uint8Array(32).fill(7));
  expect((await stat(join(folder, 'key'))).mode & 0o777).toBe(0o600);
});

test('another process finds what this one wrote', async () => {
  const folder = await newFolder();
  const first = await openFileStore(folder, 100);
  await first.writeUnsent(unsentResult('kept'));
  const second = await openFileStore(folder, 100);
  expect(await second.listUnsent()).toEqual([unsentResult('kept')]);
});

test('a folder has one process, until it lets go', async () => {
  const folder = await newFolder();
  const unlock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: 'DATA_LOCKED' }));
  unlock();
  lockFolder(folder)();
});

test('what a power cut or a person spoiled does not keep the node from starting', async () => {
  const folder = await newFolder();
  const store = await openFileStore(folder, 100);
  await store.writeUnsent(unsentResult('kept'));
  await writeFile(join(folder, 'unsent', `0x${'77'.repeat(32)}`), '');
  await writeFile(join(folder, 'records', 'history.json'), '{"acc');
  expect(await store.listUnsent()).toEqual([unsentResult('kept')]);
  expect(await store.readRecord('history')).toBeUndefined();
});

test('the lock of a process whose number is ours by now is taken over', async () => {
  const folder = await newFolder();
  await writeFile(join(folder, 'node.lock'), `${process.pid} 1`);
  lockFolder(folder)();
});
