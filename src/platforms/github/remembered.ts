/** What runs where and since when, for looking: asked for once a minute however many look. */
import { minuteMs } from '../../core/duration.ts';
import type { Deployment, Forge } from '../../core/forge.ts';
import type { Moment } from '../../core/ids.ts';

/** So old an answer may be. */
const rememberedMs = minuteMs;
const rememberedMax = 5_000;

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
