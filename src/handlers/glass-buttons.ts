/** A click that says: I have looked at this emergency. Whether it counts is judged at the desk. */
import type { App } from '@slack/bolt';
import { z } from 'zod';
import { requestIdSchema } from '../core/ids.ts';
import { problem, refuse } from '../core/problem.ts';
import { glassActions } from '../slack/glass-notices.ts';
import { admit, type HandlerDeps, tellProblem } from './deps.ts';
import { readPayload } from './payload.ts';
import { tellOutcome } from './tell-outcome.ts';

const clickSchema = z.object({ actions: z.tuple([z.object({ value: requestIdSchema })]) });

export function registerGlassButtons(app: App, deps: HandlerDeps): void {
  app.action(glassActions.review, async ({ body, ack }) => {
    const { place } = readPayload(body);
    if (!place) return ack();
    const asker = await admit(deps, place);
    const id = clickSchema.safeParse(body).data?.actions[0].value;
    const reviewed = !asker.ok
      ? asker
      : id === undefined
        ? refuse(unreadable())
        : await deps.desk.reviewGlass(id, asker.value);
    await ack();
    if (!reviewed.ok) return tellProblem(deps, place, reviewed.problem);
    await tellOutcome(deps, place, reviewed.value);
  });
}

function unreadable() {
  return problem(
    'bad_input',
    'This button cannot be read.',
    'Use `/requests review` and the name of the request.',
  );
}
