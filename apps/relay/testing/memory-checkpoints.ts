import type { CheckpointStore } from '../src/log/checkpoint-file.ts';

/** The newest checkpoint in memory. Hand it to another world, with the entries, to play a restart. */
export function createMemoryCheckpoints(note?: string): CheckpointStore {
  let kept = note;
  return {
    read: async () => kept,
    async write(next) {
      kept = next;
    },
  };
}
