import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Action } from '../../src/core/action.ts';
import { badInput, mistakeWords } from '../../src/core/input-mistakes.ts';

const input = z.strictObject({
  name: z.string().min(2).max(5).optional().meta({ title: 'Name' }),
  cpu: z.number().positive().max(8).optional().meta({ title: 'CPU' }),
  size: z.enum(['small', 'large']).optional(),
  tags: z.array(z.string()).max(1).optional(),
  ttl: z
    .string()
    .default('8h')
    .refine((text) => text.endsWith('h'), 'write hours'),
  must: z.date().optional(),
  flag: z.boolean(),
});
const action = { input } as unknown as Action;

function said(given: Record<string, unknown>): string {
  const { error } = input.safeParse({ flag: true, ...given });
  return badInput(action, error?.issues ?? []).sentence;
}

test.each([
  [{ name: 'abcdef' }, 'Name: at most 5 characters.'],
  [{ name: 'a' }, 'Name: at least 2 characters.'],
  [{ name: 1 }, 'Name: it is a text.'],
  [{ cpu: 0 }, 'CPU: more than 0.'],
  [{ cpu: 9 }, 'CPU: at most 8.'],
  [{ cpu: 'lots' }, 'CPU: it is a number.'],
  [{ tags: ['a', 'b'] }, 'tags: at most 1.'],
  [{ ttl: '8' }, 'ttl: write hours.'],
  [{ flag: undefined }, 'flag: it is required.'],
  [{ flag: 'maybe' }, 'flag: it is yes or no.'],
  [{ colour: 'red' }, 'That cannot be read: there is no "colour" here.'],
])('a mistake in %o is told with the title of its field, in words', (given, sentence) => {
  expect(said(given)).toBe(sentence);
});

test('what has no words of ours is said in its own, and nothing at all is still a sentence', () => {
  expect(said({ must: 'soon' })).toMatch(/^must: .*date/);
  expect(said({})).toBe('That cannot be read: it is not complete.');
  expect(mistakeWords({ code: 'custom', path: ['x'], message: 'not so' } as never)).toBe('not so');
});

test('of several mistakes in one field the first is told, and each field has its own', () => {
  const { error } = input.safeParse({ name: 'abcdef', cpu: 9 });
  expect(badInput(action, error?.issues ?? []).fields).toEqual({
    name: 'at most 5 characters',
    cpu: 'at most 8',
    flag: 'it is required',
  });
  const twice = [...(error?.issues ?? []), ...(error?.issues ?? [])];
  expect(Object.keys(badInput(action, twice).fields ?? {})).toHaveLength(3);
  expect(badInput(action, [{ code: 'custom', path: ['gone'], message: 'no' } as never]).sentence).toBe(
    'gone: no.',
  );
});
