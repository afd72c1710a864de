import { expect, test } from 'vitest';
import { emailOfLogin, labelsOf, managerOf } from '../../src/core/catalog.ts';
import { resolveGroups, sourceKey } from '../../src/core/groups.ts';
import { catalog } from '../approvals/shipped.ts';

test('what a source said holds until it is too old, and then since when nobody knows is said', () => {
  const groups = { sre: { title: 'SRE', members: [], slack: '@sre' } };
  const known = new Map([[sourceKey('slack', '@sre'), { members: ['sam@acme.example'], at: 0 }]]);
  expect(resolveGroups(groups, known, 10, 10)).toMatchObject({
    groups: { sre: { members: ['sam@acme.example'] } },
    unknown: {},
    until: 11,
  });
  expect(resolveGroups(groups, known, 11, 10).unknown).toEqual({
    sre: 'the Slack user group @sre was last heard of at 1970-01-01T00:00Z',
  });
  expect(resolveGroups(groups, new Map(), 0, 10).unknown.sre).toContain('has not been heard of');
});

test('who somebody is elsewhere, and whom they report to, is known as far as the catalog says it', () => {
  const people = { 'sam@acme.example': { github: 'Sam-O', manager: 'lee@acme.example' }, 'a@b.example': {} };
  expect(emailOfLogin({ people }, 'sam-o')).toBe('sam@acme.example');
  expect([emailOfLogin({ people }, 'nobody'), emailOfLogin({}, 'sam-o')]).toEqual([undefined, undefined]);
  expect(managerOf({ people }, 'SAM@acme.example')).toBe('lee@acme.example');
  expect([managerOf({ people }, 'a@b.example'), managerOf({}, undefined)]).toEqual(['', '']);
  const service = { name: 'payments' };
  expect(labelsOf(catalog, { service })).toEqual(catalog.services.payments?.tags);
  expect([labelsOf(catalog, {}), labelsOf(catalog, { service: { name: 'gone' } })]).toEqual([[], []]);
});
