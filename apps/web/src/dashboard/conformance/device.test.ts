import { AdapterClass } from '@reckon/protocol/wire/conformance';
import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { adapterClass, adapterText, browserOf, browserText } from './device.ts';

const AGENTS = {
  'Chrome or Chromium 156':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  'Edge 155':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/155.0.0.0 Safari/537.36 Edg/155.0.0.0',
  'Opera 120':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/155.0.0.0 Safari/537.36 OPR/120.0.0.0',
  'Firefox 160': 'Mozilla/5.0 (X11; Linux x86_64; rv:160.0) Gecko/20100101 Firefox/160.0',
  'Safari 27':
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/27.2 Safari/605.1.15',
  'Safari 26':
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
  'Another browser': 'curl/8.0',
};

test.each(Object.entries(AGENTS))('%s is told from its user agent', (words, agent) => {
  expect(browserText(browserOf(agent))).toBe(words);
});

test('whatever a browser says of its adapter, the report holds words of its schema', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ maxLength: 80 }), (vendor, architecture) => {
      expect(v.safeParse(AdapterClass, adapterClass({ vendor, architecture })).success).toBe(true);
    }),
  );
  expect(adapterClass({ vendor: 'apple', architecture: 'metal-3' })).toEqual({
    vendor: 'apple',
    architecture: 'metal-3',
  });
  expect(adapterClass({ vendor: 'NVIDIA Corp.', architecture: '' })).toEqual({
    vendor: 'nvidia-corp',
    architecture: '',
  });
});

test('a kind of GPU has words also where there is none, or it is not named', () => {
  expect(adapterText({ vendor: 'google', architecture: 'swiftshader' })).toBe('google swiftshader');
  expect(adapterText({ vendor: '', architecture: '' })).toBe('GPU, not named');
  expect(adapterText(null)).toBe('No WebGPU');
});
