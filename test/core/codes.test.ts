import { expect, test } from 'vitest';
import { codesLocked, readCode, wrongCode } from '../../src/core/codes.ts';
import { minuteMs } from '../../src/core/duration.ts';

test('how long codes stay locked is said in whole minutes, and never as none', () => {
  expect(codesLocked(15 * minuteMs, 0).sentence).toContain('another 15 minutes');
  expect(codesLocked(90_000, 0).sentence).toContain('another 2 minutes');
  expect(codesLocked(0, 0).sentence).toContain('another minute.');
});

test('the last wrong code says that it was one too many', () => {
  expect(wrongCode(1)).toMatchObject({ code: 'code_wrong' });
  expect(wrongCode(0)).toMatchObject({
    code: 'code_locked',
    sentence: expect.stringContaining('locked for 15 minutes'),
  });
});

test('a code is read as apps show it', () => {
  expect([' 123 456', '12345', 'abcdef'].map(readCode)).toEqual(['123456', undefined, undefined]);
});
