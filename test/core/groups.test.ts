import { expect, test } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { isOpenGroup, resolveGroups, ringIn } from '../../src/core/groups.ts';
import { mistakesOf, sourceOf } from '../approvals/shipped.ts';

const group = (more: object = {}) => ({ title: 'x', members: [], ...more });

test('groups that include one another in a ring are found, whichever is looked at first', () => {
  const groups = {
    z: group({ includes: ['a'] }),
    a: group({ includes: ['b'] }),
    b: group({ includes: ['c', 'a'] }),
    c: group(),
  };
  expect(ringIn(groups)).toEqual(['a', 'b']);
  expect(ringIn({ a: group({ includes: ['a'] }) })).toEqual(['a']);
  expect(ringIn({ a: group({ includes: ['b', 'gone'] }), b: group() })).toEqual([]);
  // In force it only ends, and so does what leads nowhere.
  expect(resolveGroups({ a: group({ includes: ['gone'] }) }, new Map(), 0, 1).unknown).toEqual({});
  expect(resolveGroups(groups, new Map(), 0, 1).unknown).toEqual({});
});

test('a group is open when anybody in it is known elsewhere only', () => {
  const groups = {
    a: group({ includes: ['b'] }),
    b: group({ github: 'acme/b' }),
    c: group(),
    d: group({ includes: ['gone'] }),
  };
  expect(Object.keys(groups).filter((name) => isOpenGroup(groups, name))).toEqual(['a', 'b']);
});

test.each([
  ['includes: [payment]', 'there is no group "payment". Did you mean "payments"?'],
  ['includes: [sre]', 'groups.sre.includes: sre includes sre, so nobody can say who is in them.'],
  ['onCall: nights', 'there is no schedule "nights".'],
  ['slack: sre', 'write its id, S0123ABCD, or its handle, @sre'],
  ['github: payments', 'write organisation/team'],
])('a catalog with a group that says "%s" is a mistake', (line, message) => {
  const { text } = sourceOf('data/catalog.yml');
  const edited = text.replace('    title: SRE\n', `    title: SRE\n    ${line}\n`);
  expect(mistakesOf(readCatalog({ file: 'catalog.yml', text: edited })).join()).toContain(message);
});

test('people on call by a schedule that is not there are a mistake', () => {
  const { text } = sourceOf('data/catalog.yml');
  const edited = text.replace(/^onCall:/m, 'onCallFrom: [nights]\nonCall:');
  expect(mistakesOf(readCatalog({ file: 'catalog.yml', text: edited })).join()).toContain(
    'no schedule "nights"',
  );
});
