import type { Coordinator } from './coordinator.ts';

const TICK_MS = 250;
const CHAIN_MS = 500;
const SAMPLE_MS = 1000;
const BEACON_MS = 2000;
/** What could not be refereed is tried again. */
const REFEREE_MS = 5000;

/** Everything that happens because time passes. Returns the function that stops it. */
export function startTimers(parts: {
  coordinator: Pick<Coordinator, 'tick' | 'sealIfDue'>;
  sessions: { checkAlive(): void };
  settler: { poke(): Promise<void> };
  funding: { poke(): Promise<void> };
  view: { sample(): void };
  publisher: { poke(): Promise<void> };
  beacon: { poke(): Promise<void> };
  referee: { poke(): Promise<void> };
  publishMs: number;
  epochMs: number;
  heartbeatMs: number;
}): () => void {
  const { coordinator, sessions, settler, funding, view, publisher, beacon, referee } = parts;
  const { publishMs, epochMs, heartbeatMs } = parts;
  const pokeChain = () => {
    void funding.poke();
    void settler.poke();
  };
  pokeChain();
  void beacon.poke();
  void referee.poke();
  const timers = [
    setInterval(() => coordinator.tick(), TICK_MS),
    setInterval(() => coordinator.sealIfDue(), epochMs),
    setInterval(pokeChain, CHAIN_MS),
    setInterval(() => sessions.checkAlive(), heartbeatMs),
    setInterval(() => view.sample(), SAMPLE_MS),
    setInterval(() => void beacon.poke(), BEACON_MS),
    setInterval(() => void referee.poke(), REFEREE_MS),
    setInterval(() => void publisher.poke(), publishMs),
  ];
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}
