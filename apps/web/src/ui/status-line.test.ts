import { expect, test } from 'vitest';
import { statusText, statusTitle } from './status-line.tsx';

test('a status reads as state, reason, and what changes it', () => {
  expect(statusText({ title: 'Paused', reason: 'on battery', next: 'Resumes when plugged in.' })).toBe(
    'Paused — on battery. Resumes when plugged in.',
  );
  expect(statusText({ title: 'Computing' })).toBe('Computing');
});

test('the tab is named by the state first, and by the page when there is none', () => {
  expect(statusTitle({ title: 'Paused', reason: 'on battery', next: 'x' }, 'Volunteer')).toBe(
    'Paused · on battery · Reckon',
  );
  expect(statusTitle(undefined, 'Network')).toBe('Network · Reckon');
});
