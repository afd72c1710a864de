import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { catalog, mistakesOf, sourceOf } from '../approvals/shipped.ts';

const shipped = sourceOf('data/catalog.yml').text;

function mistakesWhen(find: string, put: string): string[] {
  expect(shipped).toContain(find);
  return mistakesOf(readCatalog({ file: 'catalog.yml', text: shipped.replace(find, put) }));
}

test('the shipped catalog is right', () => {
  expect(Object.keys(catalog.services)).toEqual(['payments', 'checkout', 'search']);
});

test.each([
  [
    'an owner that is no group',
    'owners: [sre]',
    'owners: [sree]',
    'services.search.owners.0: there is no group "sree". Did you mean "sre"?',
  ],
  [
    'a team that is no group',
    'teams: [checkout, payments]',
    'teams: [chekout]',
    'environments.teams.0: there is no group "chekout". Did you mean "checkout"?',
  ],
  [
    'a service that it needs and that there is not',
    'owners: [sre]',
    'owners: [sre]\n    dependsOn: [paymnets]',
    'services.search.dependsOn.0: there is no service "paymnets". Did you mean "payments"?',
  ],
  [
    'a cluster that there is not',
    'tier: staging, cluster: sandbox',
    'tier: staging, cluster: sandbx',
    'services.payments.environments.staging.cluster: there is no cluster "sandbx". Did you mean "sandbox"?',
  ],
  [
    'a cluster for environments that there is not',
    'environments:\n  cluster: sandbox',
    'environments:\n  cluster: box',
    'environments.cluster: there is no cluster "box".',
  ],
  [
    'a zone that there is not',
    'zone: Europe/Berlin',
    'zone: Europe/Berln',
    'zone: "Europe/Berln" is not a time zone like Europe/Berlin. Did you mean "Europe/Berlin"?',
  ],
  [
    'a time to keep that is none',
    'keep: { for: 30d }',
    'keep: { for: long }',
    'environments.keep.for: "long" is not a time span like 30d.',
  ],
  [
    'a night in a zone that there is not',
    'to: "07:00" }',
    'to: "07:00", zone: Europe/Berln }',
    'environments.sleep.zone: "Europe/Berln" is not a time zone like Europe/Berlin. Did you mean "Europe/Berlin"?',
  ],
  [
    'a night that would never end',
    'to: "07:00" }',
    'to: "20:00" }',
    'environments.sleep.to: this is when the night begins, so it would never end.',
  ],
  [
    'a time span that is none',
    'max: 7d',
    'max: 7 days',
    'environments.ttl.max: "7 days" is not a time span like 8h or 2d12h.',
  ],
  [
    'a default longer than the longest',
    'default: 8h',
    'default: 8d',
    'environments.ttl.default: this is longer than max.',
  ],
  [
    'a group with a name that the policy uses',
    '  sre:\n',
    '  team:\n',
    'groups.team: "team" has a meaning of its own in the policy.',
  ],
])('%s is told', (_promise, find, put, message) => {
  expect(mistakesWhen(find, put)).toContainEqual(expect.stringMatching(/^\d+:\d+ /));
  expect(mistakesWhen(find, put).map((line) => line.replace(/^\S+ /, ''))).toContain(message);
});

test('a catalog with any part of it cut out is a value or a mistake', () => {
  fc.assert(
    fc.property(fc.nat(shipped.length), fc.nat(200), (start, length) => {
      const text = shipped.slice(0, start) + shipped.slice(start + length);
      const read = readCatalog({ file: 'c', text });
      expect(read.ok || read.mistakes.length > 0).toBe(true);
    }),
    { numRuns: 100, seed: 3 },
  );
});
