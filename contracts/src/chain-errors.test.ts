import { ReckonError } from '@reckon/protocol/base/errors';
import { type Abi, ContractFunctionRevertedError, encodeErrorResult, type Hex } from 'viem';
import { expect, test } from 'vitest';
import { jobEscrowAbi } from './abi/job-escrow.ts';
import { settlementAbi } from './abi/settlement.ts';
import { toChainError, toChainRevert } from './chain-errors.ts';

const JOB: Hex = `0x${'1'.repeat(64)}`;
const ACCOUNT: Hex = `0x${'a'.repeat(40)}`;

const revertWith = (data: Hex) => new ContractFunctionRevertedError({ abi: [], data, functionName: 'claim' });

const sampleOf = (type: string): unknown => (type === 'bytes32' ? JOB : type === 'address' ? ACCOUNT : 1n);

test('every error of the escrow and the settlement that a caller can meet has words of its own', () => {
  const errors = [...jobEscrowAbi, ...settlementAbi].filter((entry) => entry.type === 'error');
  const own = errors.filter(({ name }) => /^(JobEscrow|Settlement)_/.test(name));
  // Those of the deployment are read by developers only.
  const deployment = /ZeroAddress|Deployer|EscrowAlreadySet|EscrowMismatch|EscrowMissing/;
  expect(own.length).toBeGreaterThan(20);
  for (const entry of own) {
    const args = entry.inputs.map((input) => sampleOf(input.type));
    const abi: Abi = [entry];
    const data = encodeErrorResult({ abi, errorName: entry.name, args });
    const revert = toChainRevert(revertWith(data), 'Caller');
    expect(revert).toMatchObject({ contract: entry.name.split('_')[0], name: entry.name });
    if (!deployment.test(entry.name)) expect(revert?.reason).not.toContain(entry.name);
    expect(revert?.reason).not.toContain('undefined');
  }
});

test('a total beyond what is there names the difference that has to be covered', () => {
  const [errorName, args] = ['Settlement_TotalExceedsReleased', [300n, 1000n]] as const;
  const data = encodeErrorResult({ abi: settlementAbi, errorName, args });
  expect(toChainError(revertWith(data), 'Settlement').message).toContain('cover the difference of 700');
});

test('an error of somebody else is reported by its selector', () => {
  const error = toChainError(revertWith('0xdeadbeef'), 'Multicall');
  expect(error).toMatchObject({ code: 'CHAIN_REVERTED', details: { contract: 'Multicall', reason: '0xdeadbeef' } });
  expect(toChainRevert(revertWith('0xdeadbeef'), 'Multicall')).toBeUndefined();
});

test('a plain reason string is passed on', () => {
  const abi = [{ type: 'error', name: 'Error', inputs: [{ name: 'message', type: 'string' }] }] as const;
  const data = encodeErrorResult({ abi, errorName: 'Error', args: ['too late'] });
  expect(toChainError(revertWith(data), 'Vault').message).toBe('Vault refused the transaction: too late');
});

test('what is no revert stays what it is', () => {
  const known = new ReckonError('CLAIM_EMPTY', { account: ACCOUNT });
  expect(toChainError(known, 'Settlement')).toBe(known);
  expect(toChainError(new Error('socket closed'), 'Settlement').code).toBe('UNEXPECTED');
});
