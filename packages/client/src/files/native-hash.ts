import { hash } from 'node:crypto';
import type { HashEntry } from '@reckon/protocol/journal/log-tree';

const LEAF = Uint8Array.of(0);

/** As the protocol's `hashEntry`, by the system's SHA-256: 1 µs for 600 bytes instead of 3.4. */
export const hashEntryNatively: HashEntry = (entry) => hash('sha256', Buffer.concat([LEAF, entry]), 'buffer');
