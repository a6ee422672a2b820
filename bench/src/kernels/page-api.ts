/** What the benchmark calls in the tab, as `window.kernelBench`. */
export interface KernelBenchPage {
  /** Prepares the candidates of a table's row, checks their results, warms them and times them in turns. */
  measure(row: Row, effort: Effort): Promise<Rounds>;
  facts(): { isolated: boolean; relaxed: boolean; userAgent: string };
}

export type Row =
  | { kind: 'f32'; m: number; k: number; n: number }
  | { kind: 'i8'; range: '7 bits' | 'full'; m: number; k: number; n: number }
  | { kind: 'sha256' };

export interface Effort {
  rounds: number;
  /** Each candidate runs so long before anything is timed. */
  warmMs: number;
}

/** ms of one run of each candidate, round by round. `control` is a fixed computation that no candidate touches. */
export interface Rounds {
  ms: Record<string, number[]>;
  /** Operations of one run: products and sums of a matrix product, or messages hashed. */
  work: Record<string, number>;
}
