import { expect, test } from 'vitest';
import { judgeGlassReviewer } from '../../src/approvals/judge-glass-reviewer.ts';
import { personIdSchema, requestIdOf } from '../../src/core/ids.ts';
import type { Person } from '../../src/core/person.ts';

const person = (id: string, name: string): Person => ({
  id: personIdSchema.parse(id),
  name,
  kind: 'member',
  email: `${name.toLowerCase()}@acme.example`,
});
const emergency = {
  id: requestIdOf(12),
  requester: person('U0SAM', 'Sam'),
  glass: { brokenAt: 0, rules: ['production'], review: ['sre', 'leads'] },
};
const olga = { person: person('U0OLGA', 'Olga') };

test('an emergency is looked at by nobody of whom nobody knows whether they are in its groups', () => {
  const unknownGroups = { sre: 'the Slack user group @sre has not been heard of' };
  expect(judgeGlassReviewer(emergency, { ...olga, groups: [], unknownGroups })).toMatchObject({
    ok: false,
    problem: { sentence: expect.stringContaining('@sre has not been heard of') },
  });
  expect(judgeGlassReviewer(emergency, { ...olga, groups: ['leads'], unknownGroups }).ok).toBe(true);
});

test('what was no emergency is looked at by nobody', () => {
  const { glass: _glass, ...plain } = emergency;
  expect(judgeGlassReviewer(plain, { ...olga, groups: ['sre'] })).toMatchObject({
    ok: false,
    problem: { sentence: 'REQ-12 is looked at by nobody, and you are in none of these groups.' },
  });
});
