import { manifests } from '@reckon/kernels/manifests';
import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import { expect, test } from 'vitest';
import { inputFor } from './input-files.tsx';

const kernel = (id: string) => manifests.find((manifest) => manifest.id === id) as KernelManifest;
const file = { fileName: 'x', bytes: new Uint8Array() };

test('a file named like an input is for that input', () => {
  expect(inputFor(kernel('matmul-i8'), new Map(), 'b.npy')).toBe('b');
});

test('another goes to the first free input of its kind', () => {
  expect(inputFor(kernel('matmul-i8'), new Map(), 'left.npy')).toBe('a');
  expect(inputFor(kernel('matmul-i8'), new Map([['a', file]]), 'right.npy')).toBe('b');
  expect(inputFor(kernel('onnx'), new Map(), 'net.onnx')).toBe('model');
});

test("a model's tensors are named by their files", () => {
  expect(inputFor(kernel('onnx'), new Map([['model', file]]), 'images.npy')).toBe('images');
});

test('a file of weights keeps its whole name, by which the model calls it', () => {
  expect(inputFor(kernel('onnx'), new Map([['model', file]]), 'net.onnx.data')).toBe('net.onnx.data');
});

test('a file the kernel cannot read is for no input', () => {
  expect(inputFor(kernel('onnx'), new Map(), 'photo.png')).toBeUndefined();
});
