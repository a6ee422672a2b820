import type { TestRunResult } from 'hardhat/types/test';
import type { Result } from 'hardhat/types/utils';
import { findStaleAbiFiles } from './generate-abi.ts';
import { loadHardhat } from './hardhat-project.ts';

// Runs the Solidity tests, then checks that the committed ABIs are those of the contracts; exit code 1 when one fails.
const hardhat = await loadHardhat();
const outcome: Result<TestRunResult, TestRunResult> = await hardhat.tasks.getTask(['test', 'solidity']).run({});
const { passed, failed } = outcome.success ? outcome.value.summary : outcome.error.summary;
// A run that broke off, or found no test at all, is a failure that no test counts.
const broken = (!outcome.success && failed === 0) || passed + failed === 0 ? 1 : 0;

const stale = await findStaleAbiFiles(hardhat);
if (stale.length > 0)
  console.log(`Not what the contracts compile to: ${stale.join(', ')}. Run npm run build:contracts.`);

const failures = failed + broken + (stale.length > 0 ? 1 : 0);
console.log(`${passed + (stale.length > 0 ? 0 : 1)} passed, ${failures} failed`);
process.exitCode = failures > 0 ? 1 : 0;
