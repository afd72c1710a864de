/** Pulumi's operator, `pulumi.com/v1`: what it makes is outside the cluster, so only the outputs are seen. */
import { asJson, at } from '../json.ts';
import type { JsonObject, KubeObject } from '../types.ts';
import { conditionsOf, type Wanted } from './conditions.ts';
import { anything, conditionList, defineResource, open, text, whole, yes } from './definition.ts';
import type { Operator, Report } from './operator.ts';

export const pulumi: Operator = {
  name: 'Pulumi',
  storage: 'pulumi.com/stacks',
  manager: 'pulumi-kubernetes-operator',
  finalizer: { name: 'finalizer.stack.pulumi.com' },
  takesMs: 4_000,
  leavesMs: 2_500,
  trouble:
    'update failed: error: aws:s3/bucket:Bucket resource "assets" has a problem: AccessDenied: not authorized to perform s3:CreateBucket',
  definition: defineResource({
    group: 'pulumi.com',
    version: 'v1',
    kind: 'Stack',
    plural: 'stacks',
    columns: {
      Stack: '.spec.stack',
      'Last Update': '.status.lastUpdate.state',
      Ready: '.status.conditions[?(@.type=="Ready")].status',
    },
    spec: open(
      {
        stack: text,
        projectRepo: text,
        branch: text,
        commit: text,
        repoDir: text,
        config: anything,
        destroyOnFinalize: yes,
      },
      'stack',
    ),
    status: open({
      conditions: conditionList,
      observedGeneration: whole,
      lastUpdate: open({
        generation: whole,
        type: text,
        state: text,
        message: text,
        permalink: text,
        failures: whole,
      }),
      outputs: anything,
    }),
  }),
  make: () => ({ state: 'done' }),
  // `pulumi destroy` runs in a Pod of a workspace beside the Stack, and nothing new begins in a namespace that goes.
  cannotLeave(world, object) {
    const { namespace = '' } = object.metadata;
    if (at(asJson(object), 'spec', 'destroyOnFinalize') !== true) return undefined;
    if (!world.store.get('/namespaces', undefined, namespace)?.metadata.deletionTimestamp) return undefined;
    return `failed to create the workspace: pods is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`;
  },
  takeAway: () => {},
  report: statusOf,
};

function statusOf(object: KubeObject, told: Report): JsonObject {
  const generation = object.metadata.generation ?? 1;
  const stack = String(at(asJson(object), 'spec', 'stack'));
  const [organisation = 'acme', project = 'shop', name = stack] = stack.split('/');
  const last = {
    generation,
    type: 'up',
    name: `${object.metadata.name}-update`,
    permalink: `https://app.pulumi.com/${organisation}/${project}/${name}/updates/${generation}`,
    lastResyncTime: told.now,
  };
  const conditions = (wanted: readonly Wanted[]) => ({
    observedGeneration: generation,
    conditions: conditionsOf(object, told.now, wanted),
  });
  if (told.state === 'coming') {
    return conditions([
      ['Ready', 'False', 'NotReadyInProgress', 'reconciliation is in progress'],
      ['Reconciling', 'True', 'StackProcessing', 'stack is being processed'],
    ]);
  }
  if (told.state === 'failed') {
    return {
      ...conditions([
        ['Ready', 'False', 'NotReadyStalled', 'reconciliation is stalled'],
        ['Stalled', 'True', 'UpdateFailed', told.message],
      ]),
      lastUpdate: { ...last, state: 'failed', message: told.message, failures: 1 },
    };
  }
  return {
    ...conditions([
      ['Ready', 'True', 'ProcessingCompleted', 'the stack has been processed and is up to date'],
    ]),
    lastUpdate: { ...last, state: 'succeeded' },
    outputs: { url: `https://${name}.stacks.acme.example` },
  };
}
