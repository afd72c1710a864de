/** Actions runner controller, `actions.github.com/v1alpha1`: runner scale sets, without a GitHub that hands out jobs. */
import { change, createAsSystem, ownerOf } from '../controllers/tools.ts';
import { asJson, at, copy } from '../json.ts';
import type { JsonObject, KubeObject } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import { anything, defineResource, open, text, whole } from './definition.ts';
import type { Operator } from './operator.ts';

/** Where the controller writes the number that GitHub gave the scale set (its constants.go). */
const idAnnotation = 'runner-scale-set-id';

export const runners: Operator = {
  name: 'Actions runners',
  storage: 'actions.github.com/autoscalingrunnersets',
  manager: 'gha-runner-scale-set-controller',
  finalizer: { name: 'autoscalingrunnerset.actions.github.com/finalizer' },
  takesMs: 2_500,
  leavesMs: 1_500,
  trouble:
    'failed to get runner scale set: 403 - had issue communicating with Actions backend: Resource not accessible by integration',
  definition: defineResource({
    group: 'actions.github.com',
    version: 'v1alpha1',
    kind: 'AutoscalingRunnerSet',
    plural: 'autoscalingrunnersets',
    columns: {
      'Minimum Runners': '.spec.minRunners',
      'Maximum Runners': '.spec.maxRunners',
      'Current Runners': '.status.currentRunners',
      Phase: '.status.phase',
    },
    spec: open({
      githubConfigUrl: text,
      githubConfigSecret: text,
      runnerGroup: text,
      runnerScaleSetName: text,
      minRunners: { ...whole, minimum: 0 },
      maxRunners: { ...whole, minimum: 0 },
      template: anything,
    }),
    status: open({
      currentRunners: whole,
      phase: text,
      pendingEphemeralRunners: whole,
      runningEphemeralRunners: whole,
      failedEphemeralRunners: whole,
    }),
  }),
  make(world, object) {
    register(world, object);
    for (let index = 0; index < minimum(object); index += 1) makeRunner(world, object, index);
    return { state: 'done' };
  },
  takeAway: () => {},
  // The real one says nothing of what went wrong in its status: it stays as it was, and its log and events tell.
  report(object, told): JsonObject {
    const running = told.state === 'done' ? minimum(object) : 0;
    return {
      currentRunners: running,
      phase: told.state === 'done' ? 'Running' : 'Pending',
      pendingEphemeralRunners: 0,
      runningEphemeralRunners: running,
      failedEphemeralRunners: 0,
    };
  },
};

function minimum(object: KubeObject): number {
  return Number(at(asJson(object), 'spec', 'minRunners') ?? 0);
}

function register(world: ClusterWorld, object: KubeObject): void {
  const known = object.metadata.annotations ?? {};
  if (known[idAnnotation] !== undefined) return;
  const annotations = { ...known, [idAnnotation]: String(100 + world.ids.below(900)) };
  change(
    world,
    object,
    (live) => ({ ...live, metadata: { ...live.metadata, annotations } }),
    runners.manager,
  );
}

function makeRunner(world: ClusterWorld, object: KubeObject, index: number): void {
  const { namespace } = object.metadata;
  const name = `${object.metadata.name}-runner-${index}`;
  if (world.store.get('/pods', namespace, name)) return;
  const spec = at(asJson(object), 'spec', 'template', 'spec');
  const usual = { containers: [{ name: 'runner', image: 'ghcr.io/actions/actions-runner:latest' }] };
  createAsSystem(
    world,
    'v1',
    'Pod',
    namespace,
    {
      metadata: {
        name,
        labels: { 'actions.github.com/scale-set-name': object.metadata.name },
        ownerReferences: [asJson(ownerOf(object))],
      },
      spec: { ...(copy(spec ?? usual) as JsonObject), restartPolicy: 'Never' },
    },
    runners.manager,
  );
}
