import { createHmac } from 'node:crypto';
import { fromHex, toHex } from '@reckon/protocol/base/bytes';
import type { Hash, WorkUnitId } from '@reckon/protocol/base/ids';
import { secretCommitment } from '@reckon/protocol/trust/beacon';
import { expect, test } from 'vitest';
import { networkPrefix } from './network-prefix.ts';
import { createSecrets } from './secrets.ts';

const KEY = `0x${'07'.repeat(32)}`;
const unit = (byte: string) => `0x${byte.repeat(32)}` as WorkUnitId;
const secrets = createSecrets(KEY, 'relay.test');

/** HKDF-SHA256 written out (RFC 5869), for one block. */
function hkdf(key: Buffer, salt: string, info: Buffer): Hash {
  const pseudorandom = createHmac('sha256', salt).update(key).digest();
  return toHex(new Uint8Array(createHmac('sha256', pseudorandom).update(info).update(Buffer.of(1)).digest()));
}

test('secrets and keys are what HKDF makes of the operator’s key, the relay’s id and their names', () => {
  const key = Buffer.from(fromHex(KEY as Hash));
  const epoch = Buffer.from('reckon:draw-secret:v1\0\0\0\x05', 'binary');
  expect(secrets.drawSecret(5)).toBe(hkdf(key, 'relay.test', epoch));
  const info = Buffer.concat([Buffer.from('reckon:tag-key:v1'), Buffer.from('ab'.repeat(32), 'hex')]);
  expect(secrets.tagKey(unit('ab'))).toBe(hkdf(key, 'relay.test', info));
});

test('another epoch, unit, relay or key gives another secret, and the commitment binds it', () => {
  const all = [
    secrets.drawSecret(1),
    secrets.drawSecret(2),
    secrets.tagKey(unit('01')),
    secrets.tagKey(unit('02')),
    createSecrets(KEY, 'other').drawSecret(1),
    createSecrets(`0x${'08'.repeat(32)}`, 'relay.test').drawSecret(1),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(secrets.commitment(2)).toBe(toHex(secretCommitment(fromHex(secrets.drawSecret(2)))));
});

test.each([
  ['203.0.113.7', '203.0.113.200', true],
  ['203.0.113.7', '203.0.114.7', false],
  ['203.0.113.7', '::ffff:203.0.113.9', true],
  ['2001:db8:1:2::1', '2001:db8:1:ffff::9', true],
  ['2001:db8:1::1', '2001:db8:2::1', false],
  ['2001:db8::1', '2001:db8:0:7:1:2:3:4', true],
])('%s and %s lie in one network: %s', (a, b, same) => {
  const [one, other] = [a, b].map((address) => secrets.networkTag(address));
  expect(one).toMatch(/^0x[0-9a-f]{16}$/);
  expect(one === other).toBe(same);
});

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.3.4',
  '100.64.0.1',
  '100.127.255.1',
  '0.0.0.0',
  '::1',
  '::',
  'fe80::1%eth0',
  'fd12:3456::1',
  '::ffff:10.0.0.1',
  'nonsense',
  '',
])('%s says nothing about where a node is', (address) => {
  expect(networkPrefix(address)).toBeUndefined();
  expect(secrets.networkTag(address)).toBeNull();
});

test('the neighbours of private ranges are public', () => {
  for (const address of ['172.32.0.1', '100.128.0.1', '11.0.0.1', '2000::1'])
    expect(networkPrefix(address)).toBeDefined();
});
