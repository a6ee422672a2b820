import type { CaseOutcome } from '@reckon/kernels/conformance/run';
import { fromWire, type ReckonError } from '@reckon/protocol/base/errors';
import { type AdapterClass, type ConformanceFinding, isMismatch } from '@reckon/protocol/wire/conformance';
import type { FromChecker, PlanLine } from './messages.ts';

export interface ConformanceState {
  readonly phase: 'idle' | 'running' | 'done' | 'failed';
  /** Known once the device was asked. */
  readonly adapter?: AdapterClass | null;
  /** The adapter is software, which computes on the processor. */
  readonly software: boolean;
  readonly lines: readonly PlanLine[];
  readonly outcomes: readonly CaseOutcome[];
  readonly findings: readonly ConformanceFinding[];
  readonly error?: ReckonError;
}

export const IDLE: ConformanceState = { phase: 'idle', software: false, lines: [], outcomes: [], findings: [] };

/** What a message of the worker makes of the state. */
export function receive(state: ConformanceState, message: FromChecker): ConformanceState {
  switch (message.type) {
    case 'plan':
      return { ...state, lines: message.lines, adapter: message.adapter, software: message.software };
    case 'outcome':
      return { ...state, outcomes: [...state.outcomes, message.outcome] };
    case 'done':
      return { ...state, phase: 'done', findings: message.findings };
    case 'failed':
      return { ...state, phase: 'failed', error: fromWire(message.error) };
  }
}

/** One line of the plan with what is known of it so far. */
export interface LineResult extends PlanLine {
  outcomes: readonly CaseOutcome[];
  compared: readonly Extract<CaseOutcome, { status: 'compared' }>[];
}

export function lineResults({ lines, outcomes }: ConformanceState): LineResult[] {
  return lines.map((line) => {
    const mine = outcomes.filter(
      ({ kernel, backend, build }) => kernel === line.kernel && backend === line.backend && build === line.build,
    );
    return { ...line, outcomes: mine, compared: mine.filter((outcome) => outcome.status === 'compared') };
  });
}

/** Whether an outcome is one that should not be. */
export const differs = (outcome: CaseOutcome): boolean =>
  outcome.status === 'compared' && (outcome.float === undefined ? outcome.bitsDiffering > 0 : !outcome.float.within);

export interface Totals {
  cases: number;
  /** Of exact kernels. */
  bits: number;
  bitsDiffering: number;
  /** Findings that are mismatches, of exact and of float kernels. */
  mismatches: readonly ConformanceFinding[];
  failed: number;
  /** Float kernels on a backend that gave results. */
  floats: number;
  backends: readonly string[];
}

export function totalsOf(findings: readonly ConformanceFinding[]): Totals {
  const exact = findings.filter(({ maxRelativeError }) => maxRelativeError === null);
  const sum = (of: (finding: ConformanceFinding) => number, list = findings) =>
    list.reduce((total, finding) => total + of(finding), 0);
  return {
    cases: sum(({ cases }) => cases),
    bits: sum(({ bits }) => bits, exact),
    bitsDiffering: sum(({ bitsDiffering }) => bitsDiffering, exact),
    mismatches: findings.filter(isMismatch),
    failed: sum(({ failed }) => failed),
    floats: findings.filter(({ maxRelativeError, cases }) => maxRelativeError !== null && cases > 0).length,
    backends: [...new Set(findings.map(({ backend }) => (backend === 'webgpu' ? 'WebGPU' : 'WASM')))],
  };
}
