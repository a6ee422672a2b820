import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_CHANNEL_MESSAGE_BYTES, type WorkChannel } from '../src/base/ports.ts';

type Data = string | Uint8Array;

export interface ChannelsUnderTest {
  /** A fresh connection: both of its ends. */
  connect(): Promise<{ near: WorkChannel; far: WorkChannel }>;
  cleanUp(): Promise<void> | void;
}

/** Collects messages; `until(n)` resolves with the first n. */
function collect(channel: WorkChannel) {
  const messages: Data[] = [];
  let check = () => {};
  channel.onMessage((data) => {
    messages.push(data);
    check();
  });
  return {
    messages,
    until: (count: number) =>
      new Promise<Data[]>((resolve) => {
        check = () => void (messages.length >= count && resolve(messages.slice(0, count)));
        check();
      }),
  };
}

const closing = (channel: WorkChannel) => new Promise<string>((resolve) => channel.onClose(resolve));
const coded = (code: string) => expect.objectContaining({ code });

/** What every channel must do, whatever carries it. */
export function acceptChannel(name: string, setUp: () => Promise<ChannelsUnderTest>): void {
  describe(`channel: ${name}`, () => {
    let under: ChannelsUnderTest;
    beforeAll(async () => {
      under = await setUp();
    });
    afterAll(() => under?.cleanUp());

    test('carries text and bytes both ways, in order, each as what it was', async () => {
      const { near, far } = await under.connect();
      const [atNear, atFar] = [collect(near), collect(far)];
      const sent: Data[] = ['{"a":1}', Uint8Array.of(0, 255, 7), 'grüße ☂', new Uint8Array(70_000).fill(9), 'last'];
      for (const data of sent) near.send(data);
      far.send(Uint8Array.of(1, 2, 3).subarray(1));
      expect(await atFar.until(sent.length)).toEqual(sent);
      expect(await atNear.until(1)).toEqual([Uint8Array.of(2, 3)]);
      near.close();
    });

    test('keeps the order of a thousand messages', async () => {
      const { near, far } = await under.connect();
      const arrived = collect(far).until(1000);
      for (let i = 0; i < 1000; i++) near.send(String(i));
      expect(await arrived).toEqual(Array.from({ length: 1000 }, (_, i) => String(i)));
      near.close();
    });

    test('a handler set late receives what was queued', async () => {
      const { near, far } = await under.connect();
      near.send('early');
      far.send('answer');
      await collect(near).until(1);
      expect(await collect(far).until(1)).toEqual(['early']);
      near.close();
    });

    test('carries the largest message and refuses a larger one without closing', async () => {
      const { near, far } = await under.connect();
      const arrived = collect(far).until(2);
      expect(() => near.send(new Uint8Array(MAX_CHANNEL_MESSAGE_BYTES + 1))).toThrow(coded('MESSAGE_TOO_LARGE'));
      near.send(new Uint8Array(MAX_CHANNEL_MESSAGE_BYTES).fill(3));
      near.send('still open');
      const [large, after] = await arrived;
      expect(large).toHaveLength(MAX_CHANNEL_MESSAGE_BYTES);
      expect(after).toBe('still open');
      near.close();
    });

    test('drained waits for the buffer, so that megabytes pass without piling up', async () => {
      const { near, far } = await under.connect();
      const count = 64;
      const arrived = collect(far).until(count);
      let highest = 0;
      for (let i = 0; i < count; i++) {
        near.send(new Uint8Array(128 * 1024).fill(i));
        highest = Math.max(highest, near.bufferedAmount);
        await near.drained(256 * 1024);
        expect(near.bufferedAmount).toBeLessThanOrEqual(256 * 1024);
      }
      expect(highest).toBeLessThanOrEqual(256 * 1024 + 128 * 1024 + 4096);
      expect((await arrived).map((data) => (data as Uint8Array)[5])).toEqual(
        Array.from({ length: count }, (_, i) => i),
      );
      await near.drained(0);
      expect(near.bufferedAmount).toBe(0);
      near.close();
    });

    test.each(['near', 'far'] as const)('a close by the %s end is told once at both ends', async (which) => {
      const ends = await under.connect();
      const told = { near: 0, far: 0 };
      const both = (['near', 'far'] as const).map(
        (end) =>
          new Promise<void>((resolve) =>
            ends[end].onClose(() => {
              told[end]++;
              resolve();
            }),
          ),
      );
      ends[which].close('enough');
      ends[which].close('again');
      await Promise.all(both);
      ends.near.close();
      ends.far.close();
      expect(told).toEqual({ near: 1, far: 1 });
      expect(() => ends.near.send('x')).toThrow(coded('CHANNEL_CLOSED'));
      await expect(ends.near.drained(0)).rejects.toThrow(coded('CHANNEL_CLOSED'));
    });

    test('a close listener set after the end is told too', async () => {
      const { near, far } = await under.connect();
      const first = closing(far);
      near.close('gone');
      await first;
      await closing(near);
    });

    test('what was sent before a close still arrives', async () => {
      const { near, far } = await under.connect();
      const arrived = collect(far).until(1);
      near.send('goodbye');
      near.close('done');
      expect(await arrived).toEqual(['goodbye']);
    });
  });
}
