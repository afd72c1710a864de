/**
 * The shortcut on somebody's alert: finds the service that it speaks of and answers how it is, to whoever asked alone.
 * What the alert says is looked up in the catalog and nowhere else: it asks for nothing and decides nothing.
 */
import type { App } from '@slack/bolt';
import { z } from 'zod';
import type { MentionedService } from '../core/mentioned-service.ts';
import { problem } from '../core/problem.ts';
import { answerActions } from '../slack/answers.ts';
import { actions, button, type SlackMessage, section } from '../slack/blocks.ts';
import { alertShortcut } from '../slack/manifest.ts';
import { messageText } from '../slack/message-text.ts';
import { answerPrivately } from './answering.ts';
import { admit, type HandlerDeps, tellProblem } from './deps.ts';
import { openForm } from './forms.ts';
import { readPayload } from './payload.ts';

const statusAction = 'service.status';
/** More than these to choose from are no help: the form searches. */
const choicesMax = 5;

const bodySchema = z.object({ message: z.unknown() });

export function registerShortcuts(app: App, deps: HandlerDeps): void {
  app.shortcut({ type: 'message_action', callback_id: alertShortcut }, async ({ body, ack }) => {
    await ack();
    const { place, triggerId } = readPayload(body);
    if (!place) return;
    const asker = await admit(deps, place);
    if (!asker.ok) return tellProblem(deps, place, asker.problem);
    const person = asker.value;
    if (!deps.desk.permittedActions(person).includes(statusAction))
      return tellProblem(deps, place, notAllowed());
    const found = deps.mentioned(messageText(bodySchema.safeParse(body).data?.message));
    const [only, ...others] = found;
    if (!only || found.length > choicesMax) {
      const order = { action: statusAction, input: {}, person, place, triggerId: triggerId ?? '' };
      return openForm(deps, order);
    }
    if (others.length > 0) return deps.replies.privately(place, choiceMessage(found));
    const question = { action: statusAction, input: { ...only } };
    const origin = {
      surface: 'button' as const,
      ...(place.channel === undefined ? {} : { channel: place.channel }),
    };
    const answer = await deps.desk.answer({ key: '', ...question, requester: person, origin });
    if (!answer.ok) return tellProblem(deps, place, answer.problem);
    await answerPrivately(deps, place, answer.value, question);
  });
}

/** One button each: a click asks as if it had been typed. */
function choiceMessage(found: readonly MentionedService[]): SlackMessage {
  const text = 'This message speaks of several services. Which one do you mean?';
  const buttons = found.map(({ service, environment }, index) =>
    button({
      label: environment === undefined ? service : `${service} in ${environment}`,
      action: `${answerActions.run}.${index}`,
      value: ['/svc', service, ...(environment === undefined ? [] : [environment])].join(' '),
    }),
  );
  return { text, blocks: [section(text), actions(buttons)] };
}

function notAllowed() {
  return problem(
    'denied_by_policy',
    'You may not ask how services are.',
    'Ask in the channel of the platform team.',
  );
}
