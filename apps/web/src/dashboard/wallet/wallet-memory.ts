import { useSyncExternalStore } from 'react';

/** Whether a wallet is connected, or was on the last visit: then, and only then, wallet code is loaded unasked. */
const KEY = 'reckon.wallet';
const listeners = new Set<() => void>();

function wasConnected(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false; // storage is off
  }
}

export function rememberConnected(connected: boolean): void {
  if (connected === wasConnected()) return;
  try {
    if (connected) localStorage.setItem(KEY, '1');
    else localStorage.removeItem(KEY);
  } catch {
    // storage is off: the next visit connects by a press
  }
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useWasConnected = (): boolean => useSyncExternalStore(subscribe, wasConnected);
