import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBackstage } from '../../src/catalog/import/backstage.ts';
import { type Labelled, readClusterLabels } from '../../src/catalog/import/cluster-labels.ts';
import { mergeIntoCatalog } from '../../src/catalog/import/merge.ts';
import { sharedFolder } from '../platforms/shared-data.ts';

const component = (name: string, more = '', spec = '') => `
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${name}
  description: Sends invoices
  tags: [money]
  annotations:
    github.com/project-slug: acme/${name}
${more}
spec:
  type: service
  lifecycle: production
  owner: team-a
${spec}
`;
const people = `
kind: Group
metadata: { name: team-a, title: Team A }
spec: { type: team, children: [], members: [user:default/olga] }
---
kind: User
metadata: { name: olga }
spec: { profile: { email: Olga@acme.example }, memberOf: [] }
---
kind: User
metadata: { name: sam }
spec: { profile: { email: sam@acme.example }, memberOf: [group:default/Team-A] }
---
kind: User
metadata: { name: shy }
spec: { memberOf: [team-a] }
`;
const read = (text: string, options = {}) => readBackstage([{ file: 'catalog-info.yaml', text }], options);
const catalog = `# ours
groups:
  team-a: { title: A, members: [a@acme.example] } # by hand
services:
  billing: # the old one
    title: Billing
    owners: [team-a]
    repository: acme/billing
    environments: {}
`;

test('a component becomes a service, with what it says of itself', () => {
  expect(
    read(
      component('billing', '', '  dependsOn: [component:ledger]') +
        component('ledger').replace('\n', '---\n'),
    ),
  ).toMatchObject({
    services: {
      billing: {
        title: 'billing',
        description: 'Sends invoices',
        lifecycle: 'production',
        tags: ['money'],
        dependsOn: ['ledger'],
        owners: ['team-a'],
        repository: 'acme/billing',
      },
      ledger: { owners: ['team-a'] },
    },
    left: [],
  });
});

test('a group has those who name it and those whom it names, by their addresses', () => {
  expect(read(people).groups).toEqual({
    'team-a': { title: 'Team A', members: ['olga@acme.example', 'sam@acme.example'] },
  });
});

test('a service of the same name in another namespace is called by both', () => {
  const two = `${component('billing')}---${component('billing', '  namespace: eu')}`;
  expect(Object.keys(read(two).services)).toEqual(['billing', 'eu-billing']);
});

test.each([
  [
    'an owner that is a person',
    component('x').replace('owner: team-a', 'owner: user:guest'),
    /owned by the user guest/,
  ],
  ['no repository', component('x').replace(/ {2}annotations:\n.*\n/u, ''), /github.com\/project-slug/],
  ['a name that Backstage refuses', component('in valid'), /metadata.name: a name has letters/],
  ['no YAML', 'kind: [', /Flow sequence|expected|must/i],
  ['aliases without end', `a: &a [1]\nb: [${'*a,'.repeat(400)}]\nkind: Component`, /aliases/],
])('%s is left out, and named', (_what, text, why) => {
  const { services, left } = read(text);
  expect(services).toEqual({});
  expect(left[0]?.why).toMatch(why);
  expect(left[0]?.what).toContain('catalog-info.yaml');
});

test('an organisation stands in for a missing annotation; a source location is better', () => {
  const without = component('billing').replace(/ {2}annotations:\n.*\n/u, '');
  expect(read(without, { organisation: 'acme' }).services.billing?.repository).toBe('acme/billing');
  const located = component('billing').replace(
    'github.com/project-slug: acme/billing',
    'backstage.io/source-location: url:https://github.com/shop/invoices/tree/main/',
  );
  expect(read(located).services.billing?.repository).toBe('shop/invoices');
});

test('any text at all is read without falling over', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      expect(read(text).left).toBeInstanceOf(Array);
      expect(read(`${component('ok')}---\n${text}`)).toBeDefined();
    }),
  );
});

const running = (namespace: string, name: string, more: Partial<Labelled> = {}): Labelled => ({
  namespace,
  name,
  labels: { 'app.kubernetes.io/name': name, team: 'team-a', ...more.labels },
  annotations: { ...more.annotations },
});
const labelOptions = { cluster: 'main', organisation: 'acme', known: new Set<string>() };

test('what runs becomes a service with one environment for each namespace', () => {
  const found = readClusterLabels(
    [
      running('billing-production', 'billing'),
      running('billing-staging', 'billing'),
      running('tools', 'grafana'),
    ],
    labelOptions,
  );
  expect(found.services).toMatchObject({
    billing: {
      owners: ['team-a'],
      repository: 'acme/billing',
      environments: {
        production: { tier: 'production', cluster: 'main', namespace: 'billing-production' },
        staging: { tier: 'staging', cluster: 'main', namespace: 'billing-staging' },
      },
    },
    grafana: { environments: { tools: { tier: 'dev', namespace: 'tools' } } },
  });
});

test('an environment on request is no service; one that nobody owns is named', () => {
  const found = readClusterLabels(
    [
      running('env-x', 'web', { labels: { 'app.kubernetes.io/managed-by': 'greenlight' } }),
      running('tools', 'orphan', { labels: { team: '' } }),
      { namespace: 'kube-system', name: 'dns', labels: {}, annotations: {} },
    ],
    labelOptions,
  );
  expect(found.services).toEqual({});
  expect(found.left).toEqual([
    { what: 'Deployment tools/orphan', why: expect.stringContaining('greenlight.dev/team') },
  ]);
});

test('what people wrote stays; only what is missing is added; again, nothing changes', () => {
  const found = read(`${component('billing')}---${component('ledger')}`);
  const once = mergeIntoCatalog(catalog, found);
  expect(once.added).toEqual(['service ledger']);
  expect(once.completed).toEqual(['service billing: description, lifecycle, tags']);
  for (const kept of ['# ours', '# by hand', '# the old one', 'title: Billing'])
    expect(once.text).toContain(kept);
  const again = mergeIntoCatalog(once.text, found);
  expect(again).toMatchObject({ text: once.text, added: [], completed: [] });
});

test('a service whose owners the catalog does not know is not added', () => {
  const found = read(component('ledger').replace('owner: team-a', 'owner: strangers'));
  expect(mergeIntoCatalog(catalog, found)).toMatchObject({
    text: catalog,
    left: [{ what: 'service ledger', why: 'the catalog has no group "strangers" that owns it' }],
  });
});

const entities = sharedFolder('backstage/');
test.skipIf(entities === undefined)(
  "Backstage's own examples are read, and what does not fit is named",
  () => {
    const folders = ['entities/', 'entities-schemastore/'].map((folder) => new URL(folder, entities));
    const sources = folders.flatMap((folder) =>
      readdirSync(folder).map((file) => ({ file, text: readFileSync(new URL(file, folder), 'utf8') })),
    );
    const found = readBackstage(sources, { organisation: 'acme' });
    console.log(
      `Backstage: ${sources.length} files, ${Object.keys(found.services).length} services, ${Object.keys(found.groups).length} groups, ${found.left.length} left out.`,
    );
    expect(Object.keys(found.services)).toEqual(expect.arrayContaining(['artist-lookup', 'wayback-search']));
    expect(found.groups['team-a']?.members.length).toBeGreaterThan(0);
    for (const { what, why } of found.left) expect(`${what}: ${why}`).toMatch(/\w: .{10,}/u);
  },
);
