/**
 * Cyclops' module controller, `cyclops-ui.com/v1alpha1`. It says `succeeded` as soon as everything is applied, has no
 * finalizer, and deletes what it has made by label once the Module is gone.
 */
import type { Controller } from '../controllers/loop.ts';
import { asJson, at } from '../json.ts';
import type { JsonObject, KubeObject } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import { install, uninstall, valuesAt } from './chart.ts';
import { anything, defineResource, listOf, open, shape, text } from './definition.ts';
import type { Operator, Report } from './operator.ts';

export const cyclops: Operator = {
  name: 'Cyclops',
  storage: 'cyclops-ui.com/modules',
  manager: 'cyclops-ctrl',
  takesMs: 1_500,
  leavesMs: 0,
  trouble: 'error fetching module template: repository not found: https://github.com/acme/templates',
  definition: defineResource({
    group: 'cyclops-ui.com',
    version: 'v1alpha1',
    kind: 'Module',
    plural: 'modules',
    columns: { 'Reconciliation Status': '.status.reconciliationStatus.status' },
    spec: shape(
      {
        targetNamespace: text,
        template: open(
          { repo: text, path: text, version: text, sourceType: text },
          'repo',
          'path',
          'version',
        ),
        values: anything,
      },
      'template',
      'values',
    ),
    status: open({
      reconciliationStatus: shape({
        status: { type: 'string', enum: ['unknown', 'succeeded', 'failed'], default: 'unknown' },
        reason: text,
        errors: listOf(text),
        finishedAt: text,
      }),
      templateResolvedVersion: text,
    }),
  }),
  make(world, object) {
    const spec = at(asJson(object), 'spec');
    const path = String(at(spec, 'template', 'path'));
    install(world, {
      // A Module without a target goes to `default`, whatever its own namespace is.
      namespace: String(at(spec, 'targetNamespace') ?? 'default'),
      release: object.metadata.name,
      chart: path.split('/').at(-1) ?? path,
      version: String(at(spec, 'template', 'version')),
      values: valuesAt(object, 'spec', 'values'),
      labels: marksOf(object.metadata.name),
      manager: cyclops.manager,
    });
    return { state: 'done' };
  },
  takeAway: () => {},
  report: statusOf,
};

function marksOf(name: string): Record<string, string> {
  return { 'app.kubernetes.io/managed-by': 'cyclops', 'cyclops.module': name };
}

/** Ends what a Module that is gone has made. */
export function cyclopsRemoval(world: ClusterWorld): Controller {
  return {
    delayMs: 800,
    keysOf: (change) =>
      change.type === 'DELETED' && change.storage === cyclops.storage
        ? [`/${change.object.metadata.name}`]
        : [],
    reconcile(_, name) {
      uninstall(world, marksOf(name));
      return undefined;
    },
  };
}

function statusOf(object: KubeObject, told: Report): JsonObject {
  if (told.state === 'coming') return { reconciliationStatus: { status: 'unknown' } };
  const failed = { status: 'failed', reason: told.state === 'failed' ? told.message : '' };
  return {
    reconciliationStatus: {
      ...(told.state === 'failed' ? failed : { status: 'succeeded' }),
      finishedAt: told.now,
    },
    templateResolvedVersion: at(asJson(object), 'spec', 'template', 'version'),
  };
}
