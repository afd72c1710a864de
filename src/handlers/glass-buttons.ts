/** A click that says: I have looked at this emergency. Whether it counts is judged at the desk. */
import type { App } from '@slack/bolt';
import { z } from 'zod';
import { requestIdSchema } from '../core/ids.ts';
import { problem } from '../core/problem.ts';
import { glassActions } from '../slack/glass-notices.ts';
import { admit, type HandlerDeps, tellProblem } from './deps.ts';
import { readPayload } from './payload.ts';
import { tellOutcome } from './tell-outcome.ts';

const clickSchema = z.object({ actions: z.tuple([z.object({ value: requestIdSchema })]) });

export function registerGlassButtons(app: App, deps: HandlerDeps): void {
  app.action(glassActions.review, async ({ body, ack }) => {
    await ack();
    const { place } = readPayload(body);
    if (!place) return;
    const asker = await admit(deps, place);
    if (!asker.ok) return tellProblem(deps, place, asker.problem);
    const click = clickSchema.safeParse(body);
    if (!click.success) return tellProblem(deps, place, unreadable());
    const reviewed = await deps.desk.reviewGlass(click.data.actions[0].value, asker.value);
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
