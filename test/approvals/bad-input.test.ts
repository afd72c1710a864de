/** The two files at their worst: each gives a sentence, and none takes the bot down. */
import { expect, test } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { resolveGroups } from '../../src/core/groups.ts';
import { mistakesOf, readRules, sourceOf } from './shipped.ts';

const shipped = sourceOf('data/catalog.yml');
const catalogWith = (cut: string, put: string) => {
  expect(shipped.text).toContain(cut);
  return mistakesOf(readCatalog({ file: 'catalog.yml', text: shipped.text.replace(cut, put) }));
};

test.each([
  [
    'groups that include each other',
    'members: [dana@acme.example]',
    'members: [dana@acme.example]\n    includes: [release-crew]\n  loop: { title: L, includes: [loop] }',
    'loop',
  ],
  ['a price below nothing', 'cpuHour: 0.045', 'cpuHour: -1', 'cpuHour'],
  ['a price that is no number', 'cpuHour: 0.045', 'cpuHour: cheap', 'cpuHour'],
  ['a zone that there is not', 'zone: Europe/Berlin', 'zone: Europe/Berln', 'Did you mean "Europe/Berlin"?'],
  [
    'a schedule that there is not',
    'onCall: first-line }',
    'onCall: frist-line }',
    'Did you mean "first-line"?',
  ],
  ['an address that is none', 'http: "https://schedules', 'http: "schedules', 'give a whole address'],
])('%s are refused with their place', (_what, cut, put, expected) => {
  const found = catalogWith(cut, put);
  expect(found.join('\n')).toMatch(/^\d+:\d+ /);
  expect(found.join('\n')).toContain(expected);
});

test('a group that leads in a circle ends all the same', () => {
  const group = (members: string[], includes: string[]) => ({ title: 'G', members, includes });
  const { groups } = resolveGroups(
    { a: group(['one@acme.example'], ['b']), b: group(['two@acme.example'], ['a']) },
    new Map(),
    0,
    0,
  );
  expect(groups.a?.members).toEqual(expect.arrayContaining(['one@acme.example', 'two@acme.example']));
});

test('a rule for an action that there is not names the nearest that is', () => {
  expect(mistakesOf(readRules('- { id: a, on: deploy.rolback, allow: x }'))).toEqual([
    '2:16 rule "a", on: there is no action or effect "deploy.rolback". Did you mean "deploy.rollback"?',
  ]);
});
