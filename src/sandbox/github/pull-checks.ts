/** What the continuous integration of a repository does with a new pull request: it checks it, and finds nothing wrong. */
import type { CheckRun, GithubState, Repository } from './state.ts';

const secondMs = 1_000;

export function startPullChecks(state: GithubState, repository: Repository, headSha: string): void {
  for (const [name, seconds] of repository.pullChecks) {
    const check: CheckRun = {
      id: state.nextId(),
      name,
      headSha,
      suiteId: state.nextId(),
      appSlug: 'github-actions',
      status: 'in_progress',
      conclusion: null,
      startedAt: state.clock.now(),
      completedAt: null,
      detailsUrl: null,
      externalId: '',
      output: { title: null, summary: null, text: null },
    };
    repository.checkRuns.push(check);
    state.clock.after(seconds * secondMs, () => {
      if (check.status === 'completed') return;
      Object.assign(check, { status: 'completed', conclusion: 'success', completedAt: state.clock.now() });
    });
  }
}
