import { kernelRules } from '@reckon/kernels/rules';
import { type ReckonError, toReckonError } from '@reckon/protocol/base/errors';
import type { PublicClient } from 'viem';
import type { RulesOf } from '../prepare-job.ts';
import { checkContracts, checkEscrow, checkSettlement } from './check-chain.ts';
import { checkOrder, checkSpec, checkUnits } from './check-order.ts';
import { checkReceipts } from './check-receipts.ts';
import { checkAttestations, checkOutputs, checkResults } from './check-results.ts';
import { checkVerdicts } from './check-verdicts.ts';
import { createContext, type ResultContext } from './result-context.ts';
import { parseResultFile, type ResultFiles } from './result-file.ts';

/** One act of checking, in words for a person. */
export interface Check {
  name: string;
  /** `open`: nothing to check yet, such as a settlement that has not come. */
  status: 'ok' | 'failed' | 'open';
  words: string;
  /** Set when it failed: RESULT_INVALID naming the file and the check, or why it could not be made. */
  error?: ReckonError;
}

export interface VerifyReport {
  /** No check failed. */
  ok: boolean;
  checks: Check[];
}

export interface VerifyOptions {
  /** Also reads the chain; without it everything is checked offline. */
  chain?: PublicClient;
  rulesOf?: RulesOf;
}

type Run = (context: ResultContext) => string | undefined | Promise<string | undefined>;

const offlineChecks: readonly [string, Run][] = [
  ['spec', checkSpec],
  ['order', checkOrder],
  ['units', checkUnits],
  ['results', checkResults],
  ['attestations', checkAttestations],
  ['verdicts', checkVerdicts],
  ['receipts', checkReceipts],
  ['outputs', checkOutputs],
];

const chainChecks = (chain: PublicClient): readonly [string, Run][] => [
  ['contracts', (context) => checkContracts(context, chain)],
  ['settlement', (context) => checkSettlement(context, chain)],
  ['escrow', (context) => checkEscrow(context, chain)],
];

/**
 * Verifies a downloaded result without believing anybody: every signature, digest, Merkle path, agreement and chunk root is worked out
 * again from the files alone, and compared with the chain when one is given. A later check is made although an earlier
 * one failed.
 *
 * Not covered, because nothing here signs them: the relay's name, the credits of a receipt beyond their bound, and which
 * checks were made: those stand in the public journal, which an auditor replays.
 */
export async function verifyResult(files: ResultFiles, options: VerifyOptions = {}): Promise<VerifyReport> {
  const checks: Check[] = [];
  let context: ResultContext;
  try {
    context = createContext(files, parseResultFile(files), options.rulesOf ?? kernelRules);
  } catch (error) {
    return { ok: false, checks: [failed('format', error)] };
  }
  checks.push({ name: 'format', status: 'ok', words: 'result.json can be read and its kernel is known here' });
  const runs = options.chain === undefined ? offlineChecks : [...offlineChecks, ...chainChecks(options.chain)];
  for (const [name, run] of runs) {
    try {
      const words = await run(context);
      checks.push({ name, status: words === undefined ? 'open' : 'ok', words: words ?? 'not settled yet' });
    } catch (error) {
      checks.push(failed(name, error));
    }
  }
  return { ok: checks.every((check) => check.status !== 'failed'), checks };
}

function failed(name: string, thrown: unknown): Check {
  const error = toReckonError(thrown);
  return { name, status: 'failed', words: error.message, error };
}
