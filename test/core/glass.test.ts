import { expect, test } from 'vitest';
import { applyGlass, bypassMistake, owesReview, reviewGlass } from '../../src/core/glass.ts';
import { personIdSchema } from '../../src/core/ids.ts';
import type { Person } from '../../src/core/person.ts';
import type { PlatformRequest } from '../../src/core/request.ts';

const person = (id: string): Person => ({ id: personIdSchema.parse(id), name: id, kind: 'member' });
const asked = { id: 'REQ-1', requester: person('sam') } as PlatformRequest;
const broken = applyGlass(asked, { type: 'glass_broken', at: 1, rules: ['a'], review: ['sre'] });

test('an emergency is owed a look until somebody else has had one, once', () => {
  expect([owesReview(asked), owesReview(broken)]).toEqual([false, true]);
  expect(reviewGlass(asked, { by: person('lee') }, 2)).toMatchObject({ problem: { code: 'not_waiting' } });
  expect(reviewGlass(broken, { by: person('sam') }, 2)).toMatchObject({ problem: { code: 'own_request' } });
  const looked = reviewGlass(broken, { by: person('lee') }, 2);
  expect(looked).toEqual({ ok: true, value: [{ type: 'glass_reviewed', at: 2, by: person('lee') }] });
  const closed = applyGlass(broken, { type: 'glass_reviewed', at: 2, by: person('lee') });
  expect(owesReview(closed)).toBe(false);
  expect(reviewGlass(closed, { by: person('olga') }, 3)).toMatchObject({
    problem: { code: 'already_reviewed' },
  });
  expect(
    applyGlass(broken, { type: 'glass_reviewed', at: 2, by: person('lee'), note: 'right' }).glass,
  ).toMatchObject({
    reviewed: { note: 'right' },
  });
  expect(reviewGlass(broken, { by: person('lee'), note: 'right' }, 2)).toMatchObject({
    value: [{ note: 'right' }],
  });
});

test('a look at what was no emergency changes nothing', () => {
  expect(applyGlass(asked, { type: 'glass_reviewed', at: 2, by: person('lee') })).toBe(asked);
});

test('a reason is one that others can read: no word, no book, and spaces do not count', () => {
  expect(bypassMistake({ kind: 'break_glass', reason: 'customers cannot pay' })).toBeUndefined();
  expect(bypassMistake({ kind: 'break_glass', reason: `a${' '.repeat(40)}b` })).toContain('Breaking glass');
  expect(bypassMistake({ kind: 'override', reason: 'x'.repeat(501) })).toContain('in spite of a window');
});
