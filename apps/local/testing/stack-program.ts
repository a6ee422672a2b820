// A whole system as a process of its own, for tests that kill it. Prints its addresses and process ids as one line.
import { startStack } from '../src/stack.ts';

const [dataDir = '', port = '0'] = process.argv.slice(2);
const stack = await startStack({ dataDir, port: Number(port), sample: false, epochMs: 1_000, web: 'none' });
const { url, rpcUrl, relayPid, housePid } = stack;
process.stdout.write(`${JSON.stringify({ url, rpcUrl, relayPid, housePid })}\n`);
process.once('SIGTERM', () => void stack.stop().then(() => process.exit(0)));
