/**
 * Argo CD's application-controller, `argoproj.io/v1alpha1`. It syncs what is set to be synced by itself, and deletes
 * what it has made only where somebody has put its finalizer: both are how Argo CD does it.
 */
import { asJson, at } from '../json.ts';
import type { Json, JsonObject, KubeObject } from '../types.ts';
import { install, uninstall, valuesAt } from './chart.ts';
import { anything, defineResource, listOf, open, shape, text } from './definition.ts';
import type { Operator, Report } from './operator.ts';

const source = open(
  {
    repoURL: text,
    chart: text,
    path: text,
    targetRevision: text,
    helm: open({ releaseName: text, valuesObject: anything }),
  },
  'repoURL',
);

export const argoCd: Operator = {
  name: 'Argo CD',
  storage: 'argoproj.io/applications',
  manager: 'argocd-application-controller',
  finalizer: { name: 'resources-finalizer.argocd.argoproj.io', isOnlyHonoured: true },
  takesMs: 1_500,
  leavesMs: 1_500,
  trouble:
    'one or more objects failed to apply, reason: Deployment.apps "shop" is invalid: spec.template.spec.containers[0].image: Required value',
  definition: defineResource({
    group: 'argoproj.io',
    version: 'v1alpha1',
    kind: 'Application',
    plural: 'applications',
    shortNames: ['app', 'apps'],
    columns: { 'Sync Status': '.status.sync.status', 'Health Status': '.status.health.status' },
    spec: open(
      {
        project: text,
        destination: shape({ server: text, name: text, namespace: text }),
        source,
        syncPolicy: open({ automated: anything, syncOptions: listOf(text) }),
      },
      'destination',
      'project',
    ),
    status: open({
      health: open({ status: text, message: text }),
      sync: open({ status: text, revision: text }),
      conditions: listOf(shape({ type: text, message: text, lastTransitionTime: text }, 'type', 'message')),
      operationState: open({ phase: text, message: text, startedAt: text, finishedAt: text }),
    }),
  }),
  make(world, object) {
    if (!isAutomatic(object)) return { state: 'coming', message: '' };
    const spec = at(asJson(object), 'spec');
    const chart = String(at(spec, 'source', 'chart') ?? at(spec, 'source', 'path') ?? object.metadata.name);
    return install(world, {
      namespace: String(at(spec, 'destination', 'namespace') ?? object.metadata.namespace ?? ''),
      release: String(at(spec, 'source', 'helm', 'releaseName') ?? object.metadata.name),
      chart: chart.split('/').at(-1) ?? chart,
      version: revisionOf(object),
      values: valuesAt(object, 'spec', 'source', 'helm', 'valuesObject'),
      labels: marksOf(object),
      manager: argoCd.manager,
    });
  },
  takeAway: (world, object) => uninstall(world, marksOf(object)),
  report: statusOf,
  ownerOf(labels) {
    const mark = labels[instance];
    return mark?.replace('_', '/');
  },
};

/** `namespace_name`, as Argo CD names applications outside its own namespace. */
const instance = 'argocd.argoproj.io/instance';

function marksOf({ metadata }: KubeObject): Record<string, string> {
  return { [instance]: `${metadata.namespace ?? ''}_${metadata.name}` };
}

function isAutomatic(object: KubeObject): boolean {
  return at(asJson(object), 'spec', 'syncPolicy', 'automated') !== undefined;
}

function revisionOf(object: KubeObject): string {
  return String(at(asJson(object), 'spec', 'source', 'targetRevision') ?? 'HEAD');
}

function statusOf(object: KubeObject, told: Report): JsonObject {
  const revision = revisionOf(object);
  const state = (sync: string, health: string, more: JsonObject = {}): JsonObject => ({
    sync: { status: sync, revision },
    health: { status: health },
    reconciledAt: told.now,
    ...more,
  });
  const operation = (phase: string, message: string): Json => ({
    phase,
    message,
    startedAt: told.now,
    finishedAt: told.now,
  });
  if (told.state === 'failed') {
    return state('OutOfSync', 'Missing', {
      operationState: operation('Failed', told.message),
      conditions: [
        {
          type: 'SyncError',
          message: `Failed last sync attempt to ${revision}: ${told.message}`,
          lastTransitionTime: told.now,
        },
      ],
    });
  }
  if (told.state === 'done')
    return state('Synced', 'Healthy', {
      operationState: operation('Succeeded', 'successfully synced (all tasks run)'),
    });
  // Without a message nothing has been applied yet: there is nothing that could come up.
  return told.message === ''
    ? state('OutOfSync', 'Missing')
    : state('Synced', 'Progressing', {
        operationState: operation('Succeeded', 'successfully synced (all tasks run)'),
      });
}
