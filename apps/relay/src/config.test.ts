import { ReckonError } from '@reckon/protocol/base/errors';
import { DEFAULT_TRUST } from '@reckon/protocol/model/trust-constants';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const address = `0x${'11'.repeat(20)}`;
const key = `0x${'22'.repeat(32)}`;
const base = {
  dataDir: '/tmp/x',
  chain: {
    rpcUrl: 'http://127.0.0.1:8545',
    chainId: 31337,
    contracts: { token: address, escrow: address, settlement: address },
  },
};
const env = (config: object, more: Record<string, string> = {}) => ({
  RECKON_CONFIG: JSON.stringify(config),
  RECKON_OPERATOR_KEY: key,
  ...more,
});
const problem = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof ReckonError && error.code === 'USAGE') return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
};

test('defaults fill what the JSON leaves out', () => {
  const config = readConfig(env(base), []);
  expect(config).toMatchObject({ host: '127.0.0.1', port: 8787, epochMs: 15_000, feeBps: 500, operatorKey: key });
});

test('what is assumed of strangers may be set in part, and running units stay private for ten minutes', () => {
  const config = readConfig(env({ ...base, trust: { holdChecked: 3 } }), []);
  expect(config.trust).toEqual({ ...DEFAULT_TRUST, holdChecked: 3 });
  expect(readConfig(env(base), [])).toMatchObject({ trust: DEFAULT_TRUST, publishLagMs: 600_000 });
  expect(problem(() => readConfig(env({ ...base, trust: { faultyShare: 0.7 } }), []))).toContain('trust.faultyShare');
  expect(problem(() => readConfig(env({ ...base, trust: { faulty: 0.1 } }), []))).toContain('trust');
});

test('the command line wins over variables, which win over the JSON', () => {
  const config = readConfig(env({ ...base, port: 1, host: '::1' }, { RECKON_PORT: '2', RECKON_HOST: '127.0.0.2' }), [
    '--port',
    '3',
  ]);
  expect([config.port, config.host]).toEqual([3, '127.0.0.2']);
});

test('a wrong field is named with what was expected and got', () => {
  expect(problem(() => readConfig(env({ ...base, port: 70_000 }), []))).toContain(
    '"port" expected at most 65535, got 70000',
  );
  expect(problem(() => readConfig(env(base), ['--colour']))).toContain('colour');
  expect(problem(() => readConfig({ RECKON_CONFIG: '{' }, []))).toContain('not JSON');
});

test('a key is not taken from the JSON, and a bad one is not repeated in the refusal', () => {
  expect(problem(() => readConfig(env({ ...base, operatorKey: key }), []))).toContain('operatorKey');
  const text = problem(() => readConfig(env(base, { RECKON_OPERATOR_KEY: '0xdeadbeef' }), []));
  expect(text).not.toContain('deadbeef');
});

test('a faucet without its key is refused', () => {
  expect(problem(() => readConfig(env({ ...base, faucet: true }), []))).toContain('RECKON_FAUCET_KEY');
});
