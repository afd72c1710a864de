import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { type ImportOptions, importCatalog } from '../../src/commands/import-catalog.ts';
import {
  adminToken,
  clusterSandbox,
  kubeconfigFor,
  namespace,
  webDeployment,
} from '../platforms/kubernetes/world.ts';

const info = `
kind: Component
metadata:
  name: ledger
  annotations: { github.com/project-slug: acme/ledger }
spec: { owner: payments, lifecycle: production }
---
kind: Component
metadata: { name: adrift }
spec: { owner: user:somebody, lifecycle: production }
`;

async function desk(options: Partial<ImportOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'import-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const catalog = join(folder, 'catalog.yml');
  await writeFile(catalog, await readFile(new URL('../../data/catalog.yml', import.meta.url), 'utf8'));
  await writeFile(join(folder, 'catalog-info.yaml'), info);
  const told: string[] = [];
  const run = (more: Partial<ImportOptions> = {}) =>
    importCatalog(
      {
        catalog,
        backstage: [join(folder, 'catalog-info.yaml')],
        clusters: [],
        isWritten: false,
        ...options,
        ...more,
      },
      (line) => told.push(line),
    );
  return { run, told, text: () => readFile(catalog, 'utf8') };
}

test('an import shows the difference and what was left out, and writes only when asked', async () => {
  const { run, told, text } = await desk();
  const before = await text();
  expect((await run()).added).toEqual(['service ledger']);
  expect(await text()).toBe(before);
  expect(told.join('\n')).toContain('+  ledger:');
  expect(told.join('\n')).toMatch(/left out: Component adrift .*owned by the user somebody/u);

  await run({ isWritten: true });
  const after = await text();
  const read = readCatalog({ file: 'catalog.yml', text: after });
  expect(read.ok && read.value.services.ledger).toMatchObject({
    repository: 'acme/ledger',
    owners: ['payments'],
  });
  expect(after).toContain('# windows and hours are meant in this zone');
  expect(await run({ isWritten: true })).toMatchObject({ added: [], completed: [] });
});

test('what runs with labels is added where the catalog does not have it, and completes what it has', async () => {
  const { box, signIn } = await clusterSandbox();
  const admin = signIn(adminToken);
  const deployment = (namespace: string, name: string) => ({
    ...webDeployment('registry.acme.example/x:1'),
    metadata: { name, namespace, labels: { 'app.kubernetes.io/name': name, team: 'payments' } },
  });
  await admin.apply(namespace('payments-loadtest'));
  await admin.apply(deployment('payments-loadtest', 'payments'));
  await admin.apply(deployment('payments-loadtest', 'ledger'));
  const { run, text } = await desk({ backstage: [] });
  const merged = await run({
    clusters: ['sandbox'],
    kubeconfig: { literal: kubeconfigFor(box.url) },
    organisation: 'acme',
    isWritten: true,
  });
  expect(merged.added).toEqual(['service ledger']);
  expect(merged.completed).toEqual(['service payments: environment loadtest']);
  expect(await text()).toContain('repository: acme/ledger');
});

test.each([
  ['a cluster that the catalog does not have', { clusters: ['moon'] }, 'The catalog has no cluster "moon".'],
  ['no kubeconfig', { clusters: ['sandbox'] }, 'No kubeconfig is given.'],
])('%s is refused with what to do', async (_what, options, sentence) => {
  const { run } = await desk(options);
  await expect(run()).rejects.toMatchObject({ problem: { code: 'bad_input', sentence } });
});
