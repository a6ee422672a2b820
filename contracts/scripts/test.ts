import { findStaleAbiFiles } from './generate-abi.ts';
import { loadHardhat } from './hardhat-project.ts';

/** What Hardhat's `test solidity` task gives back; its own summary counts nothing when the task is run by itself. */
interface TestRun {
  suiteResults: readonly { testResults: readonly { status: 'Success' | 'Failure' | 'Skipped' }[] }[];
}
type Outcome = { success: true; value: TestRun } | { success: false; error: TestRun };

// Runs the Solidity tests, then checks that the committed ABIs are those of the contracts; exit code 1 when one fails.
const hardhat = await loadHardhat();
const outcome: Outcome = await hardhat.tasks.getTask(['test', 'solidity']).run({});
const { suiteResults } = outcome.success ? outcome.value : outcome.error;
const statuses = suiteResults.flatMap(({ testResults }) => testResults.map(({ status }) => status));
const passedTests = statuses.filter((status) => status === 'Success').length;
const failedTests = statuses.filter((status) => status === 'Failure').length;
// A run that broke off, or found nothing to run, is a failure that no test counts.
const broken = (!outcome.success && failedTests === 0) || statuses.length === 0;

const stale = await findStaleAbiFiles(hardhat);
if (stale.length > 0)
  console.log(`Not what the contracts compile to: ${stale.join(', ')}. Run npm run build:contracts.`);

const passed = passedTests + (stale.length === 0 ? 1 : 0);
const failed = failedTests + (broken ? 1 : 0) + (stale.length > 0 ? 1 : 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
