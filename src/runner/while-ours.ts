/**
 * The outside as a step sees it: to be read at any time, to be changed only while the request is ours to carry on. A
 * process that stood still between a look and a write may have been taken for dead: another goes on with the request, or
 * has ended it, and nothing that we would write of it holds any more.
 */
import type { Cluster } from '../core/cluster.ts';
import type { Forge } from '../core/forge.ts';
import type { Outside } from '../core/outside.ts';
import { ProblemError, problem } from '../core/problem.ts';

type Platforms = Pick<Outside, 'forge' | 'cluster'>;

/** @param isOurs at this very moment. */
export function whileOurs({ forge, cluster }: Platforms, isOurs: () => boolean): Platforms {
  const expectOurs = () => {
    if (!isOurs()) throw new ProblemError(takenOver);
  };
  return {
    forge: guarded(forge, forgeCalls, expectOurs),
    cluster: (name) => guarded(cluster(name), clusterCalls, expectOurs),
  };
}

const takenOver = problem(
  'conflict',
  'This replica does not carry it on any longer.',
  'It goes on elsewhere.',
  { isTransient: true },
);

/** `writes in turn`: several times, or after a look of its own and without a fence; such calls take a `beforeWrite` at their end. */
type Kind = 'reads' | 'writes' | 'writes in turn';

/** Each call of a port: one that is added there must say here what it does. */
type Calls<Port> = { readonly [Name in keyof Port]: Kind };

const forgeCalls: Calls<Forge> = {
  repositoryUrl: 'reads',
  resolve: 'reads',
  defaultBranch: 'reads',
  folder: 'reads',
  tags: 'reads',
  compare: 'reads',
  checks: 'reads',
  deployments: 'reads',
  recentDeployments: 'reads',
  findDeployment: 'reads',
  newestFence: 'reads',
  createDeployment: 'writes',
  setDeploymentStatus: 'writes',
  hasWorkflow: 'reads',
  findRun: 'reads',
  dispatch: 'writes in turn',
  run: 'reads',
  cancelRun: 'writes',
  mergedPulls: 'reads',
  readYaml: 'reads',
  propose: 'writes in turn',
  findPull: 'reads',
  pull: 'reads',
  merge: 'writes',
  withdraw: 'writes in turn',
  environment: 'reads',
  makeEnvironment: 'writes in turn',
  removeEnvironment: 'writes',
  teamPlace: 'reads',
  addToTeam: 'writes',
  removeFromTeam: 'writes',
};

const clusterCalls: Calls<Cluster> = {
  image: 'reads',
  setImage: 'writes',
  revisions: 'reads',
  rollBack: 'writes',
  apply: 'writes in turn',
  create: 'writes in turn',
  wouldMake: 'reads',
  createSecret: 'writes in turn',
  read: 'reads',
  remove: 'writes in turn',
  list: 'reads',
  merge: 'writes in turn',
  reapply: 'writes in turn',
  differences: 'reads',
  workload: 'reads',
  restart: 'writes',
  scale: 'writes',
  pause: 'writes',
  room: 'reads',
  logs: 'reads',
  jobLogs: 'reads',
  warnings: 'reads',
  view: 'reads',
};

function guarded<Port extends object>(port: Port, calls: Calls<Port>, expectOurs: () => void): Port {
  return new Proxy(port, {
    get(target, name) {
      const call: unknown = Reflect.get(target, name);
      const kind = calls[name as keyof Port];
      if (kind === 'reads' || typeof call !== 'function') return call;
      return async (...order: readonly unknown[]) => {
        expectOurs();
        return Reflect.apply(call, target, kind === 'writes in turn' ? [...order, expectOurs] : order);
      };
    },
  });
}
