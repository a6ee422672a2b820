import type { NetworkSummary } from '@reckon/protocol/wire/http';
import { expect, test } from 'vitest';
import { lackOfNodes, whatHelps } from './lack-of-nodes.ts';

const DIGITS = 'onnx@1.1.0';
const SHADER = 'custom-wgsl@1.0.0';
/** So many nodes, of which so many run the kernel. */
const networkOf = (online: number, kernel: string, able: number): Pick<NetworkSummary, 'nodes' | 'kernels'> => ({
  nodes: [{ kind: 'tab', deviceClass: 'cpu', online, busySlots: 0 }],
  kernels: able === 0 ? [] : [{ kernel, online: able }],
});
const job = (kernel: string) => ({ policy: { kind: 'quorum', quorum: 2, maxReplicas: 5 } as const, kernel });

test('says what a job waits for when fewer nodes are online than its verification needs', () => {
  const lack = lackOfNodes(networkOf(1, DIGITS, 1), job(DIGITS));
  expect(lack).toEqual({ words: '1 node is online and 2 are needed for a vote of 2 nodes.', webgpu: false });
  expect(lack && whatHelps(lack, 'http://relay')).toBe(
    'Open http://relay and press Start, or run "npx reckon node" beside this.',
  );
  expect(lackOfNodes(networkOf(0, DIGITS, 0), job(DIGITS))?.words).toMatch(/^No nodes are online/);
});

test('says nothing when there are enough', () => {
  expect(lackOfNodes(networkOf(2, DIGITS, 2), job(DIGITS))).toBeUndefined();
});

test('a checked result needs its checker too', () => {
  const policy = { kind: 'sample', chunks: 16, checkers: 1, maxReplicas: 3 } as const;
  expect(lackOfNodes(networkOf(1, DIGITS, 1), { policy, kernel: DIGITS })?.words).toContain(
    '2 are needed for a sample',
  );
});

test('nodes that do not run the kernel do not count, and a kernel of WebGPU alone says so', () => {
  const lack = lackOfNodes(networkOf(2, SHADER, 0), job(SHADER));
  expect(lack).toEqual({
    words: 'None of the 2 nodes online runs custom-wgsl@1.0.0, which needs WebGPU; 2 are needed for a vote of 2 nodes.',
    webgpu: true,
  });
  expect(lack && whatHelps(lack, 'http://relay')).toBe('Open http://relay in a browser with a GPU and press Start.');
  expect(lackOfNodes(networkOf(3, SHADER, 1), job(SHADER))?.words).toMatch(
    /^1 of the 3 nodes online runs custom-wgsl@1.0.0, which needs WebGPU; 2/,
  );
  expect(lackOfNodes(networkOf(3, SHADER, 2), job(SHADER))).toBeUndefined();
});
