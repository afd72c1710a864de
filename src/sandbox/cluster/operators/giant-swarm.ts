/** Giant Swarm's app-operator, `application.giantswarm.io/v1alpha1`: no conditions, the release's status instead. */

import { parse } from 'yaml';
import { asJson, at, isObject } from '../json.ts';
import type { JsonObject, KubeObject } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import { install, uninstall } from './chart.ts';
import { anything, defineResource, open, shape, text, yes } from './definition.ts';
import type { Operator, Report } from './operator.ts';

export const giantSwarm: Operator = {
  name: 'Giant Swarm',
  storage: 'application.giantswarm.io/apps',
  manager: 'app-operator',
  finalizer: { name: 'operatorkit.giantswarm.io/app-operator-app' },
  takesMs: 1_500,
  leavesMs: 1_500,
  trouble: 'chart "shop" version "9.9.9" not found in catalog "acme"',
  definition: defineResource({
    group: 'application.giantswarm.io',
    version: 'v1alpha1',
    kind: 'App',
    plural: 'apps',
    columns: { 'Installed Version': '.status.version', Status: '.status.release.status' },
    spec: open(
      {
        catalog: text,
        catalogNamespace: text,
        name: text,
        namespace: text,
        version: text,
        kubeConfig: open({ inCluster: yes }),
        userConfig: shape({ configMap: shape({ name: text, namespace: text }), secret: anything }),
      },
      'catalog',
      'kubeConfig',
      'name',
      'namespace',
      'version',
    ),
    status: shape({
      appVersion: text,
      version: text,
      release: shape(
        { status: text, reason: text, lastDeployed: { type: 'string', nullable: true } },
        'status',
      ),
    }),
  }),
  make: (world, object) =>
    install(world, {
      namespace: textAt(object, 'namespace'),
      release: object.metadata.name,
      chart: textAt(object, 'name'),
      version: textAt(object, 'version'),
      values: userValues(world, object),
      labels: marksOf(object),
      manager: giantSwarm.manager,
    }),
  takeAway: (world, object) => uninstall(world, marksOf(object)),
  report: statusOf,
  ownerOf(labels) {
    const name = labels['giantswarm.io/app'];
    return name === undefined ? undefined : `${labels['giantswarm.io/app-namespace'] ?? ''}/${name}`;
  },
};

function marksOf({ metadata }: KubeObject): Record<string, string> {
  return { 'giantswarm.io/app': metadata.name, 'giantswarm.io/app-namespace': metadata.namespace ?? '' };
}

function textAt(object: KubeObject, key: string): string {
  return String(at(asJson(object), 'spec', key));
}

/** Values come from a ConfigMap, below the key `values`, as YAML. */
function userValues(world: ClusterWorld, object: KubeObject): JsonObject {
  const reference = at(asJson(object), 'spec', 'userConfig', 'configMap');
  const namespace = String(at(reference, 'namespace') ?? object.metadata.namespace);
  const map = world.store.get('/configmaps', namespace, String(at(reference, 'name')));
  const values: unknown = parse(String(at(map && asJson(map), 'data', 'values') ?? '{}'));
  return isObject(values) ? values : {};
}

function statusOf(object: KubeObject, told: Report): JsonObject {
  const version = textAt(object, 'version');
  if (told.state === 'coming')
    return told.message === '' ? {} : { appVersion: '', version: '', release: { status: 'pending-install' } };
  return told.state === 'failed'
    ? { appVersion: '', version: '', release: { status: 'not-installed', reason: told.message } }
    : { appVersion: version, version, release: { status: 'deployed', lastDeployed: told.now } };
}
