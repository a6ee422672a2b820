/** One way to do a row's work; every candidate of a row does the same work. */
export interface Candidate {
  name: string;
  /** Operations of one run. */
  work: number;
  run(): void | Promise<void>;
  /** The last run's result; absent where nothing is to be checked. */
  result?(): Float32Array | Int32Array;
  dispose(): void;
}

/** A fixed run of integer arithmetic, some ms, that tells how busy the machine is beside us. */
export function control(): Candidate {
  let state = 1;
  return {
    name: 'control',
    work: 2e6,
    run() {
      let x = state;
      for (let i = 0; i < 2_000_000; i++) x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
      state = x | 1;
    },
    dispose: () => undefined,
  };
}
