/** The App Home: drawn when it is opened, and its buttons that open forms. */
import type { App } from '@slack/bolt';
import { z } from 'zod';
import { personIdSchema } from '../core/ids.ts';
import { problem } from '../core/problem.ts';
import { askActionPattern, homeActions } from '../slack/home/offers.ts';
import { admit, type HandlerDeps, tellProblem } from './deps.ts';
import { openForm } from './forms.ts';
import { personIdOf, readPayload } from './payload.ts';

export function registerHome(app: App, deps: HandlerDeps): void {
  app.event('app_home_opened', async ({ event }) => {
    // The other tab is the conversation, which has nothing to draw.
    const opened = openedSchema.safeParse(event).data;
    if (opened) await deps.homes.draw(opened.user);
  });

  app.action(homeActions.refresh, async ({ body, ack }) => {
    await ack();
    const { place } = readPayload(body);
    if (place) await deps.homes.draw(personIdOf(place));
  });

  app.action(askActionPattern, async ({ body, ack }) => {
    await ack();
    const { place, triggerId } = readPayload(body);
    if (!place) return;
    const asker = await admit(deps, place);
    if (!asker.ok) return tellProblem(deps, place, asker.problem);
    const action = chosen(body);
    // What a button names is the sender's word: the guardrails say what may be asked for at all.
    if (action === undefined || !deps.desk.permittedActions(asker.value).includes(action)) {
      return tellProblem(deps, place, notOffered());
    }
    await openForm(deps, { action, input: {}, person: asker.value, place, triggerId: triggerId ?? '' });
  });
}

const openedSchema = z.object({ tab: z.literal('home'), user: personIdSchema });

const clickSchema = z.object({
  actions: z.tuple([
    z.object({
      value: z.string().optional(),
      selected_option: z.object({ value: z.string() }).nullish(),
    }),
  ]),
});

function chosen(body: unknown): string | undefined {
  const click = clickSchema.safeParse(body).data?.actions[0];
  return click?.selected_option?.value ?? click?.value;
}

function notOffered() {
  return problem(
    'unknown_action',
    'This button asks for something you may not ask for.',
    'Open Home again: it shows what you may ask for now.',
  );
}
