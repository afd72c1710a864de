/**
 * What installing a chart leaves in the cluster, whoever installs it: a Deployment named as Helm's own template names
 * it, and a Service. Every chart of the box is this one; `replicaCount`, `image`, `fullnameOverride` and `resources`
 * of its values count.
 */
import { change, createAsSystem, remove } from '../controllers/tools.ts';
import { asJson, at, copy, isObject, same } from '../json.ts';
import type { Deployment, Json, JsonObject, KubeObject } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import type { Made } from './operator.ts';

export interface Installation {
  readonly namespace: string;
  readonly release: string;
  readonly chart: string;
  readonly version: string;
  readonly values: JsonObject;
  /** What its operator marks everything with that it makes. */
  readonly labels: Readonly<Record<string, string>>;
  readonly manager: string;
}

/** Installs or upgrades it, and says how it is. */
export function install(world: ClusterWorld, wanted: Installation): Made {
  const name = fullName(wanted);
  const live = world.store.get('apps/deployments', wanted.namespace, name) as Deployment | undefined;
  const { spec, labels } = deploymentOf(wanted);
  if (!live) {
    const metadata = { name, labels };
    createAsSystem(world, 'apps/v1', 'Deployment', wanted.namespace, { metadata, spec }, wanted.manager);
    createService(world, wanted, name, labels);
  } else if (!isAsWanted(live, spec)) {
    change(world, live, (one) => upgraded(one, spec), wanted.manager);
  }
  const deployment = world.store.get('apps/deployments', wanted.namespace, name) as Deployment;
  return isUp(deployment)
    ? { state: 'done' }
    : {
        state: 'coming',
        message: `context deadline exceeded: resource Deployment/${wanted.namespace}/${name} not ready. status: InProgress`,
      };
}

/** Everything in any namespace that carries these labels. */
export function uninstall(world: ClusterWorld, labels: Readonly<Record<string, string>>): void {
  for (const storage of ['apps/deployments', '/services']) {
    for (const object of world.store.list(storage)) {
      if (carries(object, labels) && !object.metadata.deletionTimestamp) remove(world, object);
    }
  }
}

export function carries({ metadata }: KubeObject, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value);
}

/** Values of a chart, wherever an operator keeps them. */
export function valuesAt(object: KubeObject, ...path: string[]): JsonObject {
  const values = at(asJson(object), ...path);
  return isObject(values) ? values : {};
}

/** As the template that `helm create` writes: the release's name, with the chart's unless it is in there already. */
function fullName({ release, chart, values }: Installation): string {
  if (typeof values.fullnameOverride === 'string') return values.fullnameOverride;
  return release.includes(chart) ? release : `${release}-${chart}`;
}

function deploymentOf(wanted: Installation): { spec: JsonObject; labels: Record<string, string> } {
  const { chart, release, version, values } = wanted;
  const matchLabels = { 'app.kubernetes.io/name': chart, 'app.kubernetes.io/instance': release };
  const labels = {
    ...matchLabels,
    'app.kubernetes.io/version': version,
    'helm.sh/chart': `${chart}-${version}`,
    ...wanted.labels,
  };
  const container = {
    name: chart,
    image: imageOf(wanted),
    ports: [{ name: 'http', containerPort: 8080 }],
    ...(isObject(values.resources) ? { resources: copy(values.resources) } : {}),
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  };
  return {
    labels: { 'app.kubernetes.io/managed-by': 'Helm', ...labels },
    spec: {
      replicas: Number(values.replicaCount ?? values.replicas ?? 1),
      selector: { matchLabels },
      template: {
        metadata: { labels: { ...matchLabels, 'app.kubernetes.io/version': version } },
        spec: {
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [container],
        },
      },
    },
  };
}

/** As charts take it: `image.repository` and `image.tag`, or one text. */
function imageOf({ chart, version, values }: Installation): string {
  const { image } = values;
  if (typeof image === 'string') return image;
  const part = (key: string): Json | undefined => (isObject(image) ? image[key] : undefined);
  return `${part('repository') ?? `registry.acme.example/${chart}`}:${part('tag') ?? version}`;
}

function createService(
  world: ClusterWorld,
  { namespace, chart, release, manager }: Installation,
  name: string,
  labels: Record<string, string>,
): void {
  if (world.store.get('/services', namespace, name)) return;
  const selector = { 'app.kubernetes.io/name': chart, 'app.kubernetes.io/instance': release };
  const spec = { selector, ports: [{ name: 'http', port: 80, targetPort: 8080 }] };
  createAsSystem(world, 'v1', 'Service', namespace, { metadata: { name, labels }, spec }, manager);
}

/** Compared by what a wish can change: the rest has been defaulted since. */
function isAsWanted(live: Deployment, spec: JsonObject): boolean {
  const part = (one: JsonObject): JsonObject => ({
    replicas: one.replicas,
    labels: at(one, 'template', 'metadata', 'labels'),
    image: at(one, 'template', 'spec', 'containers', 0, 'image'),
  });
  return same(part(asJson(live.spec)), part(spec));
}

function upgraded(live: KubeObject, spec: JsonObject): KubeObject {
  const next = asJson(copy(live));
  next.spec = { ...(next.spec as JsonObject), replicas: spec.replicas, template: copy(spec.template ?? {}) };
  return next as unknown as KubeObject;
}

function isUp({ metadata, spec, status }: Deployment): boolean {
  return (
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 1) &&
    (status?.updatedReplicas ?? 0) >= spec.replicas &&
    (status?.availableReplicas ?? 0) >= spec.replicas
  );
}
