import { toUtf8 } from '@reckon/protocol/base/bytes';
import { afterEach, describe, expect, test } from 'vitest';
import type { Journal } from '../src/journal/journal.ts';

export interface JournalUnderTest {
  /** Opens the same journal again each time it is called. */
  open(): Journal;
  cleanUp(): void;
}

const entries = (...texts: string[]) => texts.map(toUtf8);

async function all(journal: Journal, from = 0): Promise<string[]> {
  const texts: string[] = [];
  for await (const entry of journal.read(from)) texts.push(new TextDecoder().decode(entry));
  return texts;
}

/** What every journal must do. */
export function acceptJournal(name: string, setUp: () => JournalUnderTest): void {
  describe(`journal: ${name}`, () => {
    let current: JournalUnderTest | undefined;
    const fresh = () => {
      current = setUp();
      return current;
    };
    afterEach(() => current?.cleanUp());

    test('gives back what was appended, in order, from any index', async () => {
      const journal = fresh().open();
      await journal.append(entries('a', 'b'));
      await journal.append(entries('c'));
      expect(journal.size).toBe(3);
      expect(await all(journal)).toEqual(['a', 'b', 'c']);
      expect(await all(journal, 2)).toEqual(['c']);
      expect(await all(journal, 3)).toEqual([]);
      journal.close();
    });

    test('keeps everything over a close and continues the count', async () => {
      const under = fresh();
      const first = under.open();
      await first.append(entries('a'));
      first.close();
      const second = under.open();
      expect(second.size).toBe(1);
      await second.append(entries('b'));
      expect(await all(second)).toEqual(['a', 'b']);
      second.close();
    });

    test('carries thousands of entries, empty ones and binary ones', async () => {
      const journal = fresh().open();
      await journal.append(Array.from({ length: 1201 }, (_, i) => Uint8Array.of(i & 255, 0, 255)));
      await journal.append([new Uint8Array(0)]);
      let count = 0;
      for await (const entry of journal.read(0)) {
        if (count < 1201) expect(entry[0]).toBe(count & 255);
        count++;
      }
      expect(count).toBe(1202);
      journal.close();
    });

    test('an append of nothing changes nothing', async () => {
      const journal = fresh().open();
      await journal.append([]);
      expect(journal.size).toBe(0);
      journal.close();
    });
  });
}
