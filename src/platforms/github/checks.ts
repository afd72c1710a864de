/** Whether a commit is fit to go out, as its checks and statuses say. */
import { z } from 'zod';
import type { Check, Checks, Forge } from '../../core/forge.ts';
import { type GithubClient, partsOf } from './client.ts';

const checkRunSchema = z.object({
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullish(),
  check_suite: z.object({ id: z.int() }).nullish(),
});
const checkRunsSchema = z.object({ total_count: z.int(), check_runs: z.array(checkRunSchema) });

/** Its `state` is left aside: it is `pending` for a commit that nobody ever gave a status. */
const statusesSchema = z.object({ statuses: z.array(z.object({ context: z.string(), state: z.string() })) });

const runsSchema = z.object({ workflow_runs: z.array(z.object({ check_suite_id: z.int().nullish() })) });

const passed = new Set(['success', 'neutral', 'skipped']);
const pageItems = 100;
/** 500 checks of one commit: past these we have not seen all, and say `pending` rather than `green`. */
const pagesMax = 5;

export function createChecks(client: GithubClient): Pick<Forge, 'checks'> {
  return {
    /**
     * Of exactly this commit. Runs that somebody started by hand are left aside: they are what is done *with* the
     * commit (a deploy of it, ours included), and a failed deploy must not forbid the next try.
     */
    async checks(repository, sha) {
      const about = `the checks of ${sha.slice(0, 7)} in ${repository}`;
      const at = { ...partsOf(repository), ref: sha, per_page: pageItems };
      const [runs, statuses, byHand] = await Promise.all([
        checkRuns(client, about, at),
        client.call(about, 'GET /repos/{owner}/{repo}/commits/{ref}/status', at),
        client.call(about, 'GET /repos/{owner}/{repo}/actions/runs', {
          ...partsOf(repository),
          head_sha: sha,
          event: 'workflow_dispatch',
          per_page: pageItems,
        }),
      ]);
      const handStarted = new Set(
        runsSchema.parse(byHand.data).workflow_runs.map((run) => run.check_suite_id),
      );
      const states = [
        ...runs.seen.filter((run) => !handStarted.has(run.check_suite?.id)).map(ofRun),
        ...statusesSchema.parse(statuses.data).statuses.map(ofStatus),
      ];
      return sumUp(
        runs.isAll ? states : [...states, { name: 'checks beyond the first 500', state: 'pending' }],
      );
    },
  };
}

async function checkRuns(client: GithubClient, about: string, at: object) {
  const seen: z.infer<typeof checkRunSchema>[] = [];
  for (let page = 1; page <= pagesMax; page++) {
    const route = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs';
    const answer = checkRunsSchema.parse((await client.call(about, route, { ...at, page })).data);
    seen.push(...answer.check_runs);
    if (answer.check_runs.length < pageItems || seen.length >= answer.total_count)
      return { seen, isAll: true };
  }
  return { seen, isAll: false };
}

function ofRun(run: z.infer<typeof checkRunSchema>): Check {
  if (run.status !== 'completed') return { name: run.name, state: 'pending' };
  return { name: run.name, state: passed.has(run.conclusion ?? '') ? 'green' : 'red' };
}

function ofStatus({ context, state }: { context: string; state: string }): Check {
  if (state === 'pending') return { name: context, state: 'pending' };
  return { name: context, state: state === 'success' ? 'green' : 'red' };
}

const worstFirst = ['red', 'pending', 'green'] as const;

/** One red is red, whatever else still runs. */
function sumUp(states: readonly Check[]): Checks {
  const all = [...new Set(states.map((one) => one.name))].sort().map((name): Check => {
    const its = states.filter((one) => one.name === name).map((one) => one.state);
    return { name, state: worstFirst.find((state) => its.includes(state)) ?? 'green' };
  });
  for (const state of ['red', 'pending'] as const) {
    const names = states.filter((one) => one.state === state).map((one) => one.name);
    if (names.length > 0) return { state, names: [...new Set(names)].sort(), all };
  }
  return { state: states.length === 0 ? 'none' : 'green', names: [], all };
}
