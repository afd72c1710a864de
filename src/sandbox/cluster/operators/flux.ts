/** Flux's helm-controller, `helm.toolkit.fluxcd.io/v2`. Sources are not looked at: every chart is there. */
import { serviceAccountUser } from '../authn.ts';
import { decide } from '../authz.ts';
import { asJson, at } from '../json.ts';
import type { JsonObject, KubeObject } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import { install, uninstall, valuesAt } from './chart.ts';
import { conditionsOf, type Wanted } from './conditions.ts';
import {
  anything,
  conditionList,
  defineResource,
  listOf,
  open,
  shape,
  text,
  whole,
  yes,
} from './definition.ts';
import type { Operator, Report } from './operator.ts';

const chartReference = open({ kind: text, name: text, namespace: text }, 'kind', 'name');

export const flux: Operator = {
  name: 'Flux',
  storage: 'helm.toolkit.fluxcd.io/helmreleases',
  manager: 'helm-controller',
  finalizer: { name: 'finalizers.fluxcd.io' },
  takesMs: 1_500,
  leavesMs: 1_500,
  trouble:
    'chart pull error: chart "shop" version "9.9.9" not found in https://charts.acme.example repository',
  definition: defineResource({
    group: 'helm.toolkit.fluxcd.io',
    version: 'v2',
    kind: 'HelmRelease',
    plural: 'helmreleases',
    shortNames: ['hr'],
    columns: {
      Ready: '.status.conditions[?(@.type=="Ready")].status',
      Status: '.status.conditions[?(@.type=="Ready")].message',
    },
    spec: open(
      {
        interval: { type: 'string', pattern: '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$' },
        chart: shape(
          { spec: open({ chart: text, version: text, sourceRef: chartReference }, 'chart', 'sourceRef') },
          'spec',
        ),
        chartRef: chartReference,
        releaseName: { type: 'string', maxLength: 53, minLength: 1 },
        targetNamespace: text,
        suspend: yes,
        timeout: text,
        values: anything,
      },
      'interval',
    ),
    status: open({
      conditions: conditionList,
      observedGeneration: whole,
      lastAttemptedRevision: text,
      failures: whole,
      installFailures: whole,
      history: listOf(
        open({
          name: text,
          namespace: text,
          version: whole,
          status: text,
          chartName: text,
          chartVersion: text,
        }),
      ),
    }),
  }),
  make: (world, object) => {
    const { chart, version, release, namespace } = chartOf(object);
    const refused = refusal(world, object, namespace);
    if (refused !== undefined) return { state: 'failed', message: refused };
    const labels = marksOf(object);
    return install(world, {
      namespace,
      release,
      chart,
      version,
      values: valuesAt(object, 'spec', 'values'),
      labels,
      manager: flux.manager,
    });
  },
  // It uninstalls as the account that it installed with.
  cannotLeave(world, object) {
    const { namespace = '' } = object.metadata;
    const account = at(asJson(object), 'spec', 'serviceAccountName');
    if (typeof account !== 'string' || world.store.get('/serviceaccounts', namespace, account))
      return undefined;
    return `failed to uninstall: serviceaccounts "${account}" not found in ${namespace}`;
  },
  takeAway: (world, object) => uninstall(world, marksOf(object)),
  report: statusOf,
  ownerOf(labels) {
    const name = labels['helm.toolkit.fluxcd.io/name'];
    return name === undefined ? undefined : `${labels['helm.toolkit.fluxcd.io/namespace'] ?? ''}/${name}`;
  },
};

/** What the cluster tells the account as which it installs: Helm keeps a release in a Secret, then makes what is in it. */
function refusal(world: ClusterWorld, object: KubeObject, namespace: string): string | undefined {
  const account = at(asJson(object), 'spec', 'serviceAccountName');
  if (typeof account !== 'string') return undefined;
  const user = serviceAccountUser(object.metadata.namespace ?? '', account);
  for (const [group, resource] of [
    ['', 'secrets'],
    ['apps', 'deployments'],
    ['', 'services'],
  ] as const) {
    if (decide(world, user, { verb: 'create', group, resource, namespace }).allowed) continue;
    const kind = group === '' ? resource : `${resource}.${group}`;
    return `${kind} is forbidden: User "${user.username}" cannot create resource "${resource}" in API group "${group}" in the namespace "${namespace}"`;
  }
  return undefined;
}

function marksOf({ metadata }: KubeObject): Record<string, string> {
  return {
    'helm.toolkit.fluxcd.io/name': metadata.name,
    'helm.toolkit.fluxcd.io/namespace': metadata.namespace ?? '',
  };
}

function chartOf(object: KubeObject): { chart: string; version: string; release: string; namespace: string } {
  const spec = at(asJson(object), 'spec');
  const { name, namespace = '' } = object.metadata;
  const target = at(spec, 'targetNamespace');
  return {
    chart: String(at(spec, 'chart', 'spec', 'chart') ?? at(spec, 'chartRef', 'name') ?? name),
    version: String(at(spec, 'chart', 'spec', 'version') ?? '1.0.0'),
    // With a target namespace the release carries it in its name (Flux: HelmRelease, `releaseName`).
    release: String(at(spec, 'releaseName') ?? (target === undefined ? name : `${target}-${name}`)),
    namespace: String(target ?? namespace),
  };
}

function statusOf(object: KubeObject, told: Report): JsonObject {
  const { chart, version, release, namespace } = chartOf(object);
  const where = `${namespace}/${release}`;
  const what = `${where} with chart ${chart}@${version}`;
  const revision = Math.max(1, object.metadata.generation ?? 1);
  const verb = revision === 1 ? 'install' : 'upgrade';
  const reason = revision === 1 ? 'Install' : 'Upgrade';
  const base = { observedGeneration: object.metadata.generation ?? 1, lastAttemptedRevision: version };
  if (told.state === 'coming') {
    const running = `Running '${verb}' action with timeout of 5m0s`;
    return {
      ...base,
      observedGeneration: -1,
      conditions: conditionsOf(object, told.now, [
        ['Reconciling', 'True', 'Progressing', running],
        ['Ready', 'Unknown', 'Progressing', running],
      ]),
    };
  }
  const entry = { name: release, namespace, version: revision, chartName: chart, chartVersion: version };
  if (told.state === 'failed') {
    const failed = `Helm ${verb} failed for release ${what}: ${told.message}`;
    const conditions: Wanted[] = [
      ['Ready', 'False', `${reason}Failed`, failed],
      ['Released', 'False', `${reason}Failed`, failed],
      ['Stalled', 'True', 'RetriesExceeded', `Failed to ${verb} after 1 attempt(s)`],
    ];
    return {
      ...base,
      failures: 1,
      ...(revision === 1 ? { installFailures: 1 } : {}),
      conditions: conditionsOf(object, told.now, conditions),
      history: [{ ...entry, status: 'failed' }],
    };
  }
  const succeeded = `Helm ${verb} succeeded for release ${where}.v${revision} with chart ${chart}@${version}`;
  return {
    ...base,
    conditions: conditionsOf(object, told.now, [
      ['Ready', 'True', `${reason}Succeeded`, succeeded],
      ['Released', 'True', `${reason}Succeeded`, succeeded],
    ]),
    history: [{ ...entry, status: 'deployed' }],
  };
}
