import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import type { Draft } from './draft.ts';
import { dropDraft, keepDraft, readDraft } from './draft-store.ts';

const draft: Draft = {
  kernel: 'onnx@1.1.0',
  title: 'Digits',
  requester: 'Ada',
  params: { batch: '20' },
  files: new Map([['model', { fileName: 'digits.onnx', bytes: Uint8Array.of(1, 2, 3) }]]),
  verify: { kind: 'quorum', quorum: 2, maxReplicas: 5 },
  greenest: false,
  price: '0.01',
  minutes: '60',
};

test('a form comes back as it was left, files included, and is gone once dropped', async () => {
  expect(await readDraft(draft.kernel)).toBeUndefined();
  await keepDraft({ draft });
  expect(await readDraft(draft.kernel)).toEqual({ draft });
  expect(await readDraft('matmul-i8@1.1.0')).toBeUndefined();
  await dropDraft(draft.kernel);
  expect(await readDraft(draft.kernel)).toBeUndefined();
});

test('inputs too large to keep are left out, and the rest is kept', async () => {
  const bytes = { length: 200 * 1024 ** 2 } as Uint8Array; // only its size is looked at
  await keepDraft({ draft: { ...draft, files: new Map([['model', { fileName: 'large.onnx', bytes }]]) } });
  const kept = await readDraft(draft.kernel);
  expect(kept?.draft.title).toBe('Digits');
  expect(kept?.draft.files.size).toBe(0);
});

test('without storage nothing is thrown and nothing is kept', async () => {
  const { indexedDB } = globalThis;
  Reflect.deleteProperty(globalThis, 'indexedDB');
  try {
    await keepDraft({ draft });
    expect(await readDraft(draft.kernel)).toBeUndefined();
  } finally {
    globalThis.indexedDB = indexedDB;
  }
});
