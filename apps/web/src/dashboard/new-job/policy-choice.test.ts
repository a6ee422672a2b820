import { manifests } from '@reckon/kernels/manifests';
import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import { VerificationPolicy } from '@reckon/protocol/model/policy';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { changeSampling, cheapestCheck, defaultPolicy, epsilonChoices, policyChoices } from './policy-choice.ts';

const manifestOf = (id: string) => manifests.find((manifest) => manifest.id === id) as KernelManifest;

test('a form begins with the cheapest policy of its kernel that really checks something', () => {
  expect(cheapestCheck(manifestOf('matmul-i8')).kind).toBe('certificate');
  expect(cheapestCheck(manifestOf('mandelbrot')).kind).toBe('sample');
  expect(cheapestCheck(manifestOf('onnx'))).toMatchObject({ kind: 'quorum', quorum: 2 });
});

test('only what the kernel supports is offered', () => {
  for (const manifest of manifests) {
    expect(new Set(policyChoices(manifest))).toEqual(new Set(manifest.policies));
  }
});

test.each(['certificate', 'sample', 'audit', 'quorum'] as const)('the default %s is a valid policy', (kind) => {
  expect(v.is(VerificationPolicy, defaultPolicy(kind))).toBe(true);
});

test('a share of wrong results that a job file brought is among the choices, in order', () => {
  const values = epsilonChoices(0.02).map(({ value }) => value);
  expect(values).toContain(0.02);
  expect(values).toEqual(values.toSorted((a, b) => b - a));
  expect(epsilonChoices(0.001)).toHaveLength(5);
});

test('there are never more checkers than chunks', () => {
  const sampling = { chunks: 8, checkers: 2 };
  expect(changeSampling(sampling, { chunks: 1 })).toEqual({ chunks: 1, checkers: 1 });
  expect(changeSampling({ chunks: 4, checkers: 2 }, { checkers: 8 })).toEqual({ chunks: 8, checkers: 8 });
});
