/**
 * A GitOps repository at GitHub, as the real adapter asks it, call by call: branches, commits, pull requests. Each of its
 * calls may fail, be lost or come late. What is merged a controller brings to the cluster some seconds later.
 */
import { secondMs } from '../../../src/core/duration.ts';
import type { Moment } from '../../../src/core/ids.ts';
import { ProblemError, problem } from '../../../src/core/problem.ts';
import type { Pulls } from '../../../src/core/pulls.ts';
import type { GithubClient } from '../../../src/platforms/github/client.ts';
import { createPulls } from '../../../src/platforms/github/pulls.ts';
import type { Calls, Life } from '../calls.ts';
import { type GitRepository, keyOfBranch } from './git-repository.ts';
import type { Effect } from './things.ts';

export interface GitopsWorld {
  readonly repository: GitRepository;
  now(): Moment;
  /** A step is about to reach it. */
  leaves(effect: Pick<Effect, 'key' | 'kind'>): void;
}

export interface Gitops {
  readonly repository: GitRepository;
  /** What the controller has brought to the cluster by now. */
  version(environment: string): string;
  port(calls: Calls, life: Life): Omit<Pulls, 'mergedPulls'>;
}

/** How long the controller takes to see what was merged. */
const syncMs = 9 * secondMs;

export function createGitops({ repository, now, leaves }: GitopsWorld): Gitops {
  function client(calls: Calls, life: Life): GithubClient {
    const send = (route: string, parameters: Parameters<GitRepository['answer']>[1]) =>
      calls.make(life, {
        ...{ port: 'outside', what: `${route} ${parameters.head ?? parameters.ref ?? ''}` },
        isWrite: !route.startsWith('GET'),
        work: () => repository.answer(route, parameters),
        failure: () => new ProblemError(away),
      });
    return {
      async call(_about, route, parameters) {
        const answer = await send(route, parameters);
        if (answer.status < 400) return answer;
        throw new ProblemError(answer.status === 409 ? conflict : refused);
      },
      async find(_about, route, parameters, isNothing) {
        const answer = await send(route, parameters);
        if (answer.status < 400) return answer;
        if (isNothing(answer.status, answer.data)) return undefined;
        throw new ProblemError(answer.status === 409 ? conflict : refused);
      },
    };
  }

  return {
    repository,
    version: (environment) => repository.versionAt(environment, now() - syncMs),
    port(calls, life) {
      const { mergedPulls: _mergedPulls, ...pulls } = createPulls(client(calls, life));
      return {
        ...pulls,
        propose: (order, beforeWrite) =>
          pulls.propose(order, () => {
            beforeWrite?.();
            leaves({ key: `${keyOfBranch(order.branch)}:pull`, kind: 'done' });
          }),
        merge(order) {
          leaves({ key: `${repository.keyOfPull(order.number)}:merge`, kind: 'done' });
          return pulls.merge(order);
        },
      };
    },
  };
}

const away = problem('outside_unavailable', 'GitHub does not answer.', 'It is asked again.', {
  isTransient: true,
});
const conflict = problem('conflict', 'GitHub has it otherwise by now.', 'Look again.');
const refused = problem('outside_refused', 'GitHub refuses it.', 'Look again.');
