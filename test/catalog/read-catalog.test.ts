// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are what is tested here.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { blueprintPlaceholders } from '../../src/core/inline-blueprint.ts';
import { fillTemplate } from '../../src/core/template.ts';
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
  [
    'an unknown placeholder',
    'TEAM: ${environment.team}',
    'TEAM: ${environment.tem}',
    'blueprints.web-service.manifests.0.data.TEAM: Unknown placeholder "${environment.tem}". Did you mean "environment.team"?',
  ],
  [
    'a Deployment to wait for that nothing makes',
    'deployment: web }',
    'deployment: wep }',
    'blueprints.web-service.ready.deployment: there is no Deployment "wep". The manifests make web. Did you mean "web"?',
  ],
  [
    'an object without a name',
    'metadata:\n          name: connection',
    'metadata:\n          nam: connection',
    'blueprints.web-service.manifests.0: metadata.name is missing.',
  ],
  [
    'an object for another namespace',
    'name: connection',
    'name: connection\n          namespace: default',
    'blueprints.web-service.manifests.0.metadata.namespace: leave it out: every object goes into the environment that is being made.',
  ],
])('%s is told', (_promise, find, put, message) => {
  expect(mistakesWhen(find, put)).toContainEqual(expect.stringMatching(/^\d+:\d+ /));
  expect(mistakesWhen(find, put).map((line) => line.replace(/^\S+ /, ''))).toContain(message);
});

test('a mistake in a placeholder is told at the placeholder', () => {
  const line = shipped.split('\n').findIndex((text) => text.includes('URL: http')) + 1;
  expect(mistakesWhen('URL: http://${environment.name}', 'URL: http://${environment.nam}')[0]).toMatch(
    `${line}:23 `,
  );
});

test('a blueprint without any manifest makes no Deployment', () => {
  const text = shipped.replace(
    /(blueprints:\n)[\s\S]*/,
    `$1  empty:
    title: Empty
    description: Nothing.
    defaults: { cpu: 1, memoryGi: 1, replicas: 1 }
    manifests: [{ apiVersion: v1, kind: ConfigMap, metadata: none }]
    ready: { deployment: web }
    outputs: { url: x }
`,
  );
  expect(mistakesOf(readCatalog({ file: 'c', text })).join('\n')).toContain('The manifests make none.');
});

test('every blueprint can be filled in', () => {
  const values = {
    environment: { name: 'pr-1', namespace: 'env-pr-1', team: 'checkout' },
    input: { replicas: 2, cpu: 2, memoryGi: 4 },
  };
  expect(blueprintPlaceholders).toHaveLength(6);
  for (const blueprint of Object.values(catalog.blueprints)) {
    const filled = JSON.stringify(fillTemplate(blueprint, values));
    expect(filled).not.toContain('${');
    expect(filled).toContain('"replicas":2');
  }
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
