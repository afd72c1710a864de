/** What is to be followed for a while: begun where it was asked for, stopped by a click. */
import type { App } from '@slack/bolt';
import { z } from 'zod';
import type { Answer } from '../core/action.ts';
import type { Person } from '../core/person.ts';
import { type Problem, problem } from '../core/problem.ts';
import { answerActions } from '../slack/answers.ts';
import { admit, type HandlerDeps, tellProblem } from './deps.ts';
import { type Place, readPayload } from './payload.ts';

export function registerWatches(app: App, deps: HandlerDeps): void {
  app.action(answerActions.stop, async ({ body, ack }) => {
    await ack();
    const { place } = readPayload(body);
    if (!place) return;
    const asker = await admit(deps, place);
    if (!asker.ok) return tellProblem(deps, place, asker.problem);
    const id = clickSchema.safeParse(body).data?.actions[0].value;
    const isStopped = id !== undefined && (await deps.watches.stop(id, asker.value));
    if (!isStopped) await tellProblem(deps, place, notFollowed());
  });
}

/** Stopped twice, or posted by a process that died before it had written down where. */
function notFollowed(): Problem {
  return problem(
    'not_found',
    'Nobody follows this any more: what stands there will not change.',
    'Ask again for how it is now.',
  );
}

const clickSchema = z.object({ actions: z.tuple([z.object({ value: z.string().max(100) })]) });

/** `false` when this answer is one to be read and no more. */
export async function beganWatch(
  deps: HandlerDeps,
  place: Place,
  person: Person,
  answer: Answer,
): Promise<boolean> {
  if (!answer.follow) return false;
  const begun = await deps.watches.begin(person, place.channel, answer);
  if (!begun.ok) await tellProblem(deps, place, begun.problem);
  return true;
}
