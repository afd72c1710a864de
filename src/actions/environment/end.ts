/** How far the end of an environment may be moved: by nobody beyond the longest life from now. */
import type { TargetContext } from '../../core/action.ts';
import { formatDuration, minuteMs, parseDuration } from '../../core/duration.ts';
import type { Moment } from '../../core/ids.ts';
import { timeOverProblem } from '../../core/live-rules.ts';
import { problem, refuse } from '../../core/problem.ts';

/** Less is not worth a request. */
export const addedMin = 10 * minuteMs;

/** `undefined` when it fits; otherwise the refusal, at the field `by`. */
export function endFits(
  by: string,
  end: Moment,
  { catalog, now, name }: Pick<TargetContext, 'catalog' | 'now'> & { readonly name: string },
) {
  if (end <= now) return refuse(timeOverProblem(name));
  const { max } = catalog.environments.ttl;
  const room = now + (parseDuration(max) ?? 0) - end;
  if ((parseDuration(by) ?? 0) <= room) return undefined;
  const sentence = `An environment ends ${max} from now at the latest.`;
  const next =
    room < addedMin
      ? 'Ask again when less of its time is left.'
      : `Choose ${formatDuration(room)} at most; it can be asked for again.`;
  return refuse(problem('bad_input', sentence, next, { fields: { by: `${sentence} ${next}` } }));
}
