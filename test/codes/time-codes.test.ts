import { Secret } from 'otpauth';
import { expect, test } from 'vitest';
import { createCodes } from '../../src/codes/create-codes.ts';
import { codeAt, newSecret, stepOf } from '../../src/codes/time-codes.ts';
import { readCode } from '../../src/core/codes.ts';
import { codeOf, deskWorld, sam, value } from '../desk/desk-world.ts';

/** RFC 6238, appendix B, SHA-1: the last six of its eight digits. */
const rfcSecret = Secret.fromUTF8('12345678901234567890').base32;
test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('at second %i the code is that of RFC 6238', (second, code) => {
  expect(codeAt(rfcSecret, second * 1_000)).toBe(code);
  expect(stepOf(rfcSecret, code, second * 1_000)).toBe(Math.floor(second / 30));
});

test('a code is right one step before and after its own, and says whose step it was', () => {
  const at = 1_234_567_890_000;
  const code = codeAt(rfcSecret, at);
  const own = Math.floor(at / 30_000);
  const steps = [-60, -30, 0, 30, 60].map((away) => stepOf(rfcSecret, code, at + away * 1_000));
  expect(steps).toEqual([undefined, own, own, own, undefined]);
});

test('a key has 160 bits', () => {
  expect(newSecret()).toMatch(/^[A-Z2-7]{32}$/);
  expect(newSecret()).not.toBe(newSecret());
});

test.each([
  ['123456', '123456'],
  [' 123 456 ', '123456'],
  ['12345', undefined],
  ['1234567', undefined],
  ['12345a', undefined],
  ['１２３４５６', undefined],
  ['', undefined],
])('"%s" reads as %s', (text, code) => expect(readCode(text)).toBe(code));

test('what an older key sealed is sealed anew when it is used; without that key it opens nothing', async () => {
  const old: [string, Buffer] = ['old', Buffer.alloc(32, 1)];
  const world = await deskWorld(undefined, { keys: new Map([old]) });
  const { key } = value(await world.context.codes.begin(sam));
  value(await world.context.codes.confirm(sam, codeAt(key, world.clock.now()), undefined));
  await world.clock.advance(60_000);
  const withKeys = (keys: ReadonlyMap<string, Buffer>) =>
    createCodes({ ...world.context, keys, tell: async () => {} });
  const code = () => codeAt(key, world.clock.now());

  const lost = withKeys(new Map([['new', Buffer.alloc(32, 2)]]));
  expect(codeOf(await lost.check(sam, code()))).toBe('codes_off');
  const rotated = withKeys(new Map([['new', Buffer.alloc(32, 2)], old]));
  expect(codeOf(await rotated.check(sam, code()))).toBe('accepted');
  expect((await world.store.keptCode(sam.id))?.secret).toMatch(/^new\./);
  expect(codeOf(await lost.check(sam, code()))).toBe('accepted');
});
