/** How long a reloaded tab waits for its own identity, which the page before it may still hold. */
const PATIENCE_MS = 2_000;
const MAX_SLOTS = 64;

/** Holds a lock until the worker ends. @returns whether it was got. */
function hold(slot: number, options: LockOptions): Promise<boolean> {
  return new Promise((resolve) => {
    navigator.locks
      .request(`reckon-node-${slot}`, options, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise<never>(() => undefined); // held for the worker's life
      })
      .catch(() => resolve(false)); // gave up waiting
  });
}

/**
 * The identity this tab may use: each tab is a node of its own with its own key, and a reload gets its key back.
 * @param preferred the identity the tab had before.
 */
export async function claimSlot(preferred: number | undefined): Promise<number> {
  // Web Locks need a secure context; without them a reload keeps its identity and a duplicated tab is not noticed.
  if (!('locks' in navigator)) return preferred ?? MAX_SLOTS + Math.floor(Math.random() * 1e9);
  if (preferred !== undefined && (await hold(preferred, { signal: AbortSignal.timeout(PATIENCE_MS) }))) {
    return preferred;
  }
  for (let slot = 0; slot < MAX_SLOTS; slot++) if (await hold(slot, { ifAvailable: true })) return slot;
  return MAX_SLOTS + Math.floor(Math.random() * 1e9);
}
