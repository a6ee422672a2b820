import type { Coordinator } from './coordinator.ts';

const TICK_MS = 250;
const CHAIN_MS = 500;
const SAMPLE_MS = 1000;

/** Everything that happens because time passes. Returns the function that stops it. */
export function startTimers(parts: {
  coordinator: Pick<Coordinator, 'tick' | 'sealIfDue'>;
  sessions: { checkAlive(): void };
  settler: { poke(): Promise<void> };
  funding: { poke(): Promise<void> };
  view: { sample(): void };
  publisher: { poke(): Promise<void> };
  publishMs: number;
  epochMs: number;
  heartbeatMs: number;
}): () => void {
  const { coordinator, sessions, settler, funding, view, publisher, publishMs, epochMs, heartbeatMs } = parts;
  const pokeChain = () => {
    void funding.poke();
    void settler.poke();
  };
  pokeChain();
  const timers = [
    setInterval(() => coordinator.tick(), TICK_MS),
    setInterval(() => coordinator.sealIfDue(), epochMs),
    setInterval(pokeChain, CHAIN_MS),
    setInterval(() => sessions.checkAlive(), heartbeatMs),
    setInterval(() => view.sample(), SAMPLE_MS),
    setInterval(() => void publisher.poke(), publishMs),
  ];
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}
