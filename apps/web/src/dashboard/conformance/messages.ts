import type { CaseOutcome } from '@reckon/kernels/conformance/run';
import type { WireError } from '@reckon/protocol/base/errors';
import type { Backend } from '@reckon/protocol/model/kernel-manifest';
import type { AdapterClass, ConformanceFinding } from '@reckon/protocol/wire/conformance';

/** One kernel on one backend, and the cases that will run there. */
export interface PlanLine {
  /** `id@version`. */
  kernel: string;
  title: string;
  backend: Backend;
  /** The build without relaxed SIMD, where the kernel takes another one. */
  build?: 'plain';
  exact: boolean;
  cases: readonly string[];
}

/** Page → the worker that runs the checks. */
export interface ToChecker {
  type: 'run';
  /** Also the kernels whose engine is a large download. */
  heavy: boolean;
}

/** The worker → page. */
export type FromChecker =
  | { type: 'plan'; lines: readonly PlanLine[]; adapter: AdapterClass | null; software: boolean }
  | { type: 'outcome'; outcome: CaseOutcome }
  | { type: 'done'; findings: readonly ConformanceFinding[] }
  | { type: 'failed'; error: WireError };
