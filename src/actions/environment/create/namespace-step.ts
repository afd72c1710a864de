/** The namespace: the first that is made, and what takes everything in it away again. */
import type { Step, StepContext } from '../../../core/action.ts';
import type { Cluster } from '../../../core/cluster.ts';
import { ProblemError, problem } from '../../../core/problem.ts';
import type { Input } from '../create-input.ts';
import { agreedBlueprint, agreedCluster, namespaceOf, ownershipLabels } from '../order.ts';
import { removeNamespace } from '../remove-namespace.ts';
import { planOf, planResult } from './plan.ts';
import { namespaceManifest } from './room.ts';
import { roomFor, scopeFor } from './room-for.ts';

export const namespaceStep: Step<Input> = {
  id: 'namespace',
  title: 'Namespace',
  async do(asked, context) {
    const blueprint = agreedBlueprint(asked.blueprint, context);
    const plan = planOf(blueprint, scopeFor(blueprint, asked, context));
    const made = await environmentCluster(context).create(
      namespaceManifest(roomFor(blueprint, asked, context)),
    );
    // Of two requests for one name at the same moment the cluster lets one through; looking first would let both.
    if (made === 'taken') await refuseForeignNamespace(asked, context);
    return { state: 'done', note: namespaceOf(asked.name), result: planResult(plan) };
  },
  // Everything that lies in the namespace goes with it, so most later steps have no undo of their own.
  async undo(asked, context) {
    // Somebody else's was in the way, and that is why the step failed: nothing of ours is there.
    if (await isForeign(asked, context)) return { state: 'done' };
    return removeNamespace(
      environmentCluster(context),
      namespaceOf(asked.name),
      ownershipLabels(context.request.key),
      context,
    );
  },
};

export function environmentCluster(context: StepContext): Cluster {
  return context.cluster(agreedCluster(context));
}

/** Two requests for one name may both be allowed; the second to come finds the first one's namespace and stops. */
async function refuseForeignNamespace(asked: Input, context: StepContext): Promise<void> {
  if (!(await isForeign(asked, context))) return;
  throw new ProblemError(
    problem(
      'conflict',
      `The namespace ${namespaceOf(asked.name)} exists already and belongs to somebody else.`,
      'Ask again with another name.',
    ),
  );
}

async function isForeign(asked: Input, context: StepContext): Promise<boolean> {
  const name = namespaceOf(asked.name);
  const found = await environmentCluster(context).read({ apiVersion: 'v1', kind: 'Namespace', name });
  if (!found) return false;
  const ours = Object.entries(ownershipLabels(context.request.key));
  return ours.some(([label, value]) => found.metadata.labels?.[label] !== value);
}
