/**
 * A GitHub at its port, as far as deploys by workflow need it: deployments, and runs that take their time. A dispatch makes
 * a run each time it is asked; the run shows up late, may be named by the answer or not, and is told as it was a while ago.
 */
import { secondMs } from '../../../src/core/duration.ts';
import type { Commit, Deployment, Forge, WorkflowRun } from '../../../src/core/forge.ts';
import type { Moment } from '../../../src/core/ids.ts';
import { ProblemError, problem } from '../../../src/core/problem.ts';
import type { Calls, Life } from '../calls.ts';
import { drawOf } from '../chance.ts';
import { authors } from './authors.ts';
import type { Effect } from './things.ts';

export const versions = ['v1.0.0', 'v1.1.0', 'v1.2.0'] as const;

export interface SimulatedRun {
  readonly id: number;
  /** The request's key, by which it is found. */
  readonly marker: string;
  readonly startedAt: Moment;
  readonly endsAt: Moment;
  readonly conclusion: 'success' | 'failure';
  /** Before it had ended by itself. */
  cancelledAt?: Moment;
}

interface SimulatedDeployment extends Deployment {
  readonly repository: string;
  readonly environment: string;
  readonly service: string;
  readonly fence: number | undefined;
}

export interface SimulatedForge {
  readonly runs: readonly SimulatedRun[];
  readonly deployments: readonly Deployment[];
  port(calls: Calls, life: Life): Forge;
}

export interface ForgeWorld {
  readonly seed: number;
  now(): Moment;
  /** A step is about to reach it. */
  leaves(effect: Pick<Effect, 'key' | 'kind'>): void;
  happened(effect: Effect): void;
}

/** What a run was when it was looked at. */
export function runAt(run: SimulatedRun, at: Moment): Pick<WorkflowRun, 'status' | 'conclusion'> {
  if (run.cancelledAt !== undefined && run.cancelledAt <= at)
    return { status: 'completed', conclusion: 'cancelled' };
  if (at >= run.endsAt) return { status: 'completed', conclusion: run.conclusion };
  return { status: at < run.startedAt + 2 * secondMs ? 'queued' : 'in_progress' };
}

/** GitHub shows a run within seconds, mostly; later than this would be an outage. Longer than it takes to take a run over. */
const lateMs = 20 * secondMs;
/** What is told of a run may be so old. */
const staleMs = 4 * secondMs;

export function createForge({ seed, now, leaves, happened }: ForgeWorld): SimulatedForge {
  const runs: SimulatedRun[] = [];
  const deployments: SimulatedDeployment[] = [];
  const draw = (name: string) => drawOf(seed, `forge ${name}`);
  const isNamed = draw('names runs') < 0.5;
  const isLate = draw('is late') < 0.5;

  function dispatch({ inputs }: Parameters<Forge['dispatch']>[0]): { id: number | undefined } {
    const { greenlight_request: marker = '', environment } = inputs;
    const id = runs.length + 1;
    const lasts = (4 + draw(`run ${id} lasts`) * 40) * secondMs;
    const conclusion = draw(`run ${id} ends`) < 0.8 ? 'success' : 'failure';
    runs.push({ id, marker, startedAt: now(), endsAt: now() + Math.round(lasts), conclusion });
    happened({ key: `${marker}:workflow`, kind: 'done', thing: `payments in ${environment}` });
    return { id: isNamed ? id : undefined };
  }

  function createDeployment(order: Parameters<Forge['createDeployment']>[0]): { id: number } {
    const { repository, ref, environment, key, by, service, fence } = order;
    const id = deployments.length + 1;
    const made = { id, ref, sha: commitOf(ref).sha, at: now(), by, state: 'pending', key } as const;
    deployments.push({ ...made, repository, environment, service, fence });
    happened({ key: `${key}:deployment`, kind: 'done', thing: `record of ${service} in ${environment}` });
    return { id };
  }

  function setStatus({ deploymentId, state }: Parameters<Forge['setDeploymentStatus']>[0]): void {
    const at = deployments.findIndex(({ id }) => id === deploymentId);
    const found = deployments[at];
    if (!found) throw new ProblemError(noSuchThing);
    deployments[at] = { ...found, state };
  }

  function isShown({ id, startedAt }: SimulatedRun): boolean {
    return !isLate || now() >= startedAt + draw(`run ${id} shows`) * lateMs;
  }

  function runOf(id: number): WorkflowRun {
    const run = runs.find((one) => one.id === id);
    if (!run) throw new ProblemError(noSuchThing);
    const seenAt = Math.max(run.startedAt, now() - draw(`run ${id} at ${now()}`) * staleMs);
    return { id, ...runAt(run, seenAt), url: `https://forge.example/runs/${id}`, jobs: [] };
  }

  function cancelRun(id: number): void {
    const run = runs.find((one) => one.id === id);
    if (run && now() < run.endsAt) run.cancelledAt ??= now();
  }

  const newest = (repository: string, environment: string) =>
    deployments
      .filter((one) => one.repository === repository && one.environment === environment)
      .toReversed();

  return {
    runs,
    get deployments() {
      return deployments;
    },
    port(calls, life) {
      const call = <Value>(what: string, work: () => Value, isWrite = false) =>
        calls.make(life, {
          ...{ port: 'outside', what, isWrite, work },
          failure: () => new ProblemError(away),
        });
      const port: Partial<Forge> = {
        repositoryUrl: (repository) => `https://forge.example/${repository}`,
        resolve: (_repository, ref) =>
          call(`resolve ${ref}`, () =>
            versions.some((one) => one === ref) ? { ...commitOf(ref), as: 'tag' } : undefined,
          ),
        defaultBranch: () => call('default branch', () => 'main'),
        tags: () => call('tags', () => versions.toReversed()),
        compare: (_repository, base, head) =>
          call(`compare ${base} ${head}`, () => ({
            ...{ commits: [commitOf(head)], total: 1, behind: 0, url: 'https://forge.example/compare' },
            files: [],
          })),
        checks: () => call('checks', () => ({ state: 'green' as const, names: [], all: allGreen })),
        mergedPulls: () => call('merged pulls', () => []),
        deployments: (repository, environment, limit) =>
          call(`deployments ${environment}`, () => newest(repository, environment).slice(0, limit)),
        findDeployment: (repository, environment, key) =>
          call(`find deployment ${key}`, () =>
            newest(repository, environment).find((one) => one.key === key),
          ),
        newestFence: (repository, environment, service) =>
          call(`newest fence ${environment}`, () => {
            const fences = newest(repository, environment).flatMap((one) =>
              one.service === service && one.fence !== undefined ? [one.fence] : [],
            );
            return fences.length === 0 ? undefined : Math.max(...fences);
          }),
        createDeployment(order) {
          leaves({ key: `${order.key}:deployment`, kind: 'done' });
          return call(`create deployment ${order.key}`, () => createDeployment(order), true);
        },
        setDeploymentStatus: (order) =>
          call(`status ${order.state} of ${order.deploymentId}`, () => setStatus(order), true),
        hasWorkflow: () => call('has workflow', () => true),
        findRun: (_repository, _workflow, marker) =>
          call(`find run ${marker}`, () => {
            const found = runs.find((run) => run.marker === marker && isShown(run));
            return found && { id: found.id };
          }),
        dispatch(order) {
          const marker = order.inputs.greenlight_request ?? '';
          leaves({ key: `${marker}:workflow`, kind: 'done' });
          return call(`dispatch ${marker}`, () => dispatch(order), true);
        },
        run: (_repository, id) => call(`run ${id}`, () => runOf(id)),
        cancelRun: (_repository, id) => call(`cancel run ${id}`, () => cancelRun(id), true),
      };
      return port as Forge;
    },
  };
}

const allGreen = ['build', 'test'].map((name) => ({ name, state: 'green' as const }));

function commitOf(ref: string): Commit {
  return {
    ...{ sha: `sha-of-${ref}`, title: `What ${ref} brings`, author: 'Max', authorEmail: authors[0] ?? '' },
    url: `https://forge.example/commits/${ref}`,
  };
}

const away = problem('outside_unavailable', 'GitHub does not answer.', 'It is asked again.', {
  isTransient: true,
});
const noSuchThing = problem('not_found', 'GitHub has no such thing.', 'Look again.');
