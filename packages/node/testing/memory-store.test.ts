import { createMemoryStore } from './memory-store.ts';
import { acceptsNodeStore } from './store-acceptance.ts';

acceptsNodeStore('memory', async (capBytes) => createMemoryStore(capBytes));
