/** Whether a wallet was connected on the last visit: then, and only then, wallet code is loaded unasked. */
const KEY = 'reckon.wallet';

export function wasConnected(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false; // storage is off
  }
}

export function rememberConnected(connected: boolean): void {
  try {
    if (connected) localStorage.setItem(KEY, '1');
    else localStorage.removeItem(KEY);
  } catch {
    // storage is off: the next visit connects by a press
  }
}
