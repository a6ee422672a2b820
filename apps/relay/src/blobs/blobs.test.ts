import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acceptBlobs } from '../../testing/blobs-acceptance.ts';
import { createMemoryBlobs } from '../../testing/memory-blobs.ts';
import { openDiskBlobs } from './disk-blobs.ts';

acceptBlobs('disk', (maxBytes) => {
  const dir = mkdtempSync(join(tmpdir(), 'reckon-blobs-'));
  return {
    blobs: openDiskBlobs(dir, maxBytes),
    spoil(digest) {
      const file = join(dir, digest.slice(2, 4), digest);
      writeFileSync(file, 'spoiled');
      utimesSync(file, 1, 1); // a later time than the write's, whatever the clock's resolution
    },
    cleanUp: () => rmSync(dir, { recursive: true, force: true }),
  };
});

acceptBlobs('memory', (maxBytes) => {
  const blobs = createMemoryBlobs(maxBytes);
  return { blobs, spoil: (digest) => void blobs.blobs.set(digest, new Uint8Array(3)), cleanUp() {} };
});
