import { type DeviceSignals, nextPressure } from '@reckon/node/policy';

/** Pressure counts once it has lasted this long: a burst of work is not a busy device. */
const SUSTAINED_MS = 15_000;

interface Battery extends EventTarget {
  charging: boolean;
  level: number;
}
interface PressureRecord {
  state: NonNullable<DeviceSignals['pressure']>;
  /** Share of the pressure this page makes itself; not in every browser. */
  ownContributionEstimate?: number;
}
interface PressureObserverLike {
  observe(source: 'cpu', options: { sampleInterval: number }): Promise<void>;
  disconnect(): void;
}
/** Interfaces TypeScript's DOM lacks, because not all browsers have them. */
interface MaybeApis {
  getBattery?: () => Promise<Battery>;
  connection?: EventTarget & { saveData?: boolean };
}

const isLoopback = (origin: string): boolean => /^(localhost|127\.|\[::1\])/.test(new URL(origin).hostname);

/**
 * Watches what the platform tells about the device; what it does not tell stays absent.
 * @returns how to stop watching.
 */
export function watchSignals(relayOrigin: string, changed: (signals: DeviceSignals) => void): () => void {
  const end = new AbortController();
  const { signal } = end;
  const apis = navigator as Navigator & MaybeApis;
  let signals: DeviceSignals = {};
  const update = (changes: DeviceSignals) => {
    if (signal.aborted) return;
    signals = { ...signals, ...changes };
    changed(signals);
  };

  const look = () => update({ hidden: document.visibilityState === 'hidden' });
  document.addEventListener('visibilitychange', look, { signal });
  look();

  // A relay on this machine is reachable without any network.
  if (!isLoopback(relayOrigin)) {
    const reach = () => update({ online: navigator.onLine });
    addEventListener('online', reach, { signal });
    addEventListener('offline', reach, { signal });
    reach();
  }

  const { connection } = apis;
  if (connection !== undefined) {
    const save = () => update({ saveData: connection.saveData === true });
    connection.addEventListener('change', save, { signal });
    save();
  }

  void apis.getBattery?.().then(
    (battery) => {
      const charge = () => update({ battery: { charging: battery.charging, level: battery.level } });
      battery.addEventListener('chargingchange', charge, { signal });
      battery.addEventListener('levelchange', charge, { signal });
      charge();
    },
    () => undefined, // forbidden in this frame: nothing is known of the battery
  );

  watchPressure(signal, (pressure) => update({ pressure }));
  return () => end.abort();
}

function watchPressure(signal: AbortSignal, changed: (state: PressureRecord['state']) => void): void {
  const Observer = (globalThis as { PressureObserver?: new (f: (r: PressureRecord[]) => void) => PressureObserverLike })
    .PressureObserver;
  if (Observer === undefined) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown: PressureRecord['state'] = 'nominal';
  let newest: PressureRecord['state'] = shown;
  const settle = (): void => {
    const next = nextPressure(shown, newest);
    if (next === shown) {
      clearTimeout(timer);
      timer = undefined;
    } else {
      timer ??= setTimeout(() => {
        timer = undefined;
        shown = nextPressure(shown, newest);
        changed(shown);
        settle();
      }, SUSTAINED_MS);
    }
  };
  const observer = new Observer((records) => {
    const record = records.at(-1);
    if (record === undefined) return;
    // Our own work is no reason to stop it.
    newest = (record.ownContributionEstimate ?? 0) > 0.5 ? 'nominal' : record.state;
    settle();
  });
  observer.observe('cpu', { sampleInterval: 1000 }).catch(() => undefined); // forbidden in this frame
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    observer.disconnect();
  });
}
