import { expect, test } from 'vitest';
import { createLog, REDACTED_FIELDS } from './log.ts';

function capture() {
  const lines: string[] = [];
  return { lines, log: createLog('debug', { write: (line: string) => void lines.push(line) }) };
}

test('a log line carries its event and ids', () => {
  const { lines, log } = capture();
  log.info({ jobId: '0x01' }, 'job.posted');
  expect(JSON.parse(lines[0] as string)).toMatchObject({ msg: 'job.posted', jobId: '0x01' });
});

test.each(REDACTED_FIELDS)('the field "%s" is never written, at any of three levels', (name) => {
  const { lines, log } = capture();
  log.error({ [name]: 'hush', chain: { [name]: 'hush', inner: { [name]: 'hush' } } }, 'x');
  expect(lines.join()).not.toContain('hush');
  expect(lines.join()).toContain('[redacted]');
});

test('levels below the chosen one are silent', () => {
  const lines: string[] = [];
  createLog('warn', { write: (line: string) => void lines.push(line) }).info({}, 'x');
  expect(lines).toEqual([]);
});
