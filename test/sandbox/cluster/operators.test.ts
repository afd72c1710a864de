import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readClusterSeed } from '../../../src/sandbox/cluster/seed.ts';
import { call, startTestCluster, type TestCluster } from './support.ts';

const folder = new URL('../../../../shared/data/kubernetes-operators/', import.meta.url);
const isAtHand = existsSync(folder);
if (!isAtHand)
  console.info('The definitions of well-known operators are not at hand: their test did not run.');

/** Samples that break their own definition's rules: a real cluster refuses them as well. */
const brokenSamples = [
  'argocd-application.degraded.yaml',
  'argocd-application.healthy.yaml',
  'giantswarm-catalog.yaml',
];

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: {
    group: string;
    scope: string;
    names: { plural: string; kind: string };
    versions: { name: string }[];
  };
}

describe.skipIf(!isAtHand)('custom resources of well-known operators', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    // Without the box's own definitions, which are of the same names.
    cluster = await startTestCluster({ ...readClusterSeed(), operators: [] });
  });
  afterAll(() => cluster.box.stop());

  const manifests = (part: string) =>
    readdirSync(new URL(part, folder)).flatMap((file) =>
      parseAllDocuments(readFileSync(new URL(`${part}${file}`, folder), 'utf8')).flatMap((document) => {
        const manifest = document.toJS() as Manifest | null;
        return manifest ? [{ file, manifest }] : [];
      }),
    );

  test('every definition is served, and takes the samples of its project', async () => {
    const paths = new Map<string, string>();
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    for (const { file, manifest } of manifests('crds/')) {
      const { status, body } = await call(cluster.box.url, 'POST', definitions, manifest);
      expect(status, `${file}: ${JSON.stringify(body).slice(0, 300)}`).toBe(201);
      const { group, names, scope, versions } = manifest.spec;
      for (const { name } of versions) {
        const place = scope === 'Namespaced' ? 'namespaces/default/' : '';
        paths.set(`${group}/${name} ${names.kind}`, `/apis/${group}/${name}/${place}${names.plural}`);
      }
    }
    await cluster.clock.advance(1_000);
    const samples = manifests('samples/').filter(({ file }) => !brokenSamples.includes(file));
    for (const [index, { file, manifest }] of samples.entries()) {
      const path = paths.get(`${manifest.apiVersion} ${manifest.kind}`);
      if (path === undefined) continue;
      const { labels, annotations, finalizers } = manifest.metadata as Record<string, unknown>;
      const body = { ...manifest, metadata: { name: `sample-${index}`, labels, annotations, finalizers } };
      const answer = await call(cluster.box.url, 'POST', path, body);
      expect(answer.status, `${file}: ${JSON.stringify(answer.body).slice(0, 300)}`).toBe(201);
    }
  });
});
