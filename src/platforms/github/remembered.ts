/** What runs where and since when, for looking: asked for once a minute however many look. */
import { hourMs, minuteMs } from '../../core/duration.ts';
import type { Deployment, DeploymentState, Forge } from '../../core/forge.ts';
import type { Moment } from '../../core/ids.ts';

/** So old an answer may be. */
const rememberedMs = minuteMs;
const rememberedMax = 5_000;
/** After these nothing is expected; GitHub would still take a status, so it is asked again now and then. */
const ended: readonly DeploymentState[] = ['failure', 'error', 'inactive'];
const endedMs = hourMs;

/** Of the deployment with that number. */
export type StateOf = (repository: string, id: number) => Promise<DeploymentState>;

/** One call at a time for each repository and environment; a failed one is asked again by the next who looks. */
export function rememberDeployments(
  deployments: Forge['deployments'],
  now: () => Moment,
): Forge['recentDeployments'] {
  const remembered = new Map<
    string,
    { readonly at: Moment; readonly answer: Promise<readonly Deployment[]> }
  >();
  return (repository, environment, limit) => {
    const key = JSON.stringify([repository, environment, limit]);
    const before = remembered.get(key);
    if (before && now() - before.at < rememberedMs) return before.answer;
    const answer = deployments(repository, environment, limit);
    remembered.delete(key);
    remembered.set(key, { at: now(), answer });
    answer.catch(() => remembered.delete(key));
    const [oldest] = remembered.keys();
    if (remembered.size > rememberedMax && oldest !== undefined) remembered.delete(oldest);
    return answer;
  };
}

/** Most deployments are over: asked for each of them, looks alone would take most of what GitHub allows in an hour. */
export function rememberEnded(stateOf: StateOf, now: () => Moment): StateOf {
  const remembered = new Map<string, { readonly at: Moment; readonly state: DeploymentState }>();
  return async (repository, id) => {
    const key = `${repository} ${id}`;
    const before = remembered.get(key);
    if (before && now() - before.at < endedMs) return before.state;
    const state = await stateOf(repository, id);
    remembered.delete(key);
    if (ended.includes(state)) remembered.set(key, { at: now(), state });
    const [oldest] = remembered.keys();
    if (remembered.size > rememberedMax && oldest !== undefined) remembered.delete(oldest);
    return state;
  };
}
