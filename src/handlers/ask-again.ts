/** "Ask again", where a request has ended unanswered: its form, filled in as it was. Nothing is asked for unseen. */
import type { App } from '@slack/bolt';
import { z } from 'zod';
import { readRequestId } from '../core/ids.ts';
import { problem } from '../core/problem.ts';
import { askingActions } from '../slack/asking-notices.ts';
import { admit, type HandlerDeps, permitted, tellProblem } from './deps.ts';
import { openForm } from './forms.ts';
import { readPayload } from './payload.ts';

const clickSchema = z.object({ actions: z.tuple([z.object({ value: z.string() })]) });

export function registerAskAgain(app: App, deps: HandlerDeps): void {
  app.action(askingActions.again, async ({ body, ack }) => {
    await ack();
    const { place, triggerId } = readPayload(body);
    if (!place) return;
    const asker = await admit(deps, place);
    if (!asker.ok) return tellProblem(deps, place, asker.problem);
    const id = readRequestId(clickSchema.safeParse(body).data?.actions[0].value ?? '');
    if (!id) return tellProblem(deps, place, unreadable());
    const seen = await deps.desk.view(id, asker.value);
    if (!seen.ok) return tellProblem(deps, place, seen.problem);
    const { action: name, input } = seen.value.request;
    const action = deps.actions.get(name);
    const [mayAsk] = permitted(deps, asker.value, action ? [action] : []);
    if (!mayAsk) return tellProblem(deps, place, notAllowed());
    await openForm(deps, {
      ...{ action: name, input, person: asker.value, place, triggerId: triggerId ?? '' },
    });
  });
}

function unreadable() {
  return problem('bad_input', 'This button cannot be read.', 'Type the command instead.');
}

function notAllowed() {
  return problem(
    'unknown_action',
    'This button asks for something you may not ask for.',
    'Type the command with `help`.',
  );
}
