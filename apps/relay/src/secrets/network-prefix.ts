import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Addresses that are the same in many networks, so that two of them say nothing about each other (RFC 6890). */
const nowhere = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  nowhere.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  nowhere.addSubnet(net, bits, 'ipv6');

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::', 2);
  const parse = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [first, last] = [parse(head), parse(tail ?? '')];
  const between = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => 0);
  return [...first, ...between, ...last];
}

/**
 * What a provider gives to one customer or site: the first 24 bits of an IPv4 address, the first 48 of an IPv6 one, with
 * the family before them. Undefined for loopback, private, link-local and carrier-shared addresses, and for other text.
 */
export function networkPrefix(address: string): Uint8Array | undefined {
  const [plain = ''] = address.split('%', 1);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  const text = mapped ?? plain;
  if (isIPv4(text)) {
    if (nowhere.check(text, 'ipv4')) return undefined;
    return Uint8Array.of(4, ...text.split('.').slice(0, 3).map(Number));
  }
  if (!isIPv6(text) || nowhere.check(text, 'ipv6')) return undefined;
  const groups = groupsOf(text).slice(0, 3);
  return Uint8Array.of(6, ...groups.flatMap((group) => [group >> 8, group & 255]));
}
