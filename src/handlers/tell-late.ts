/**
 * What was to be said with an acknowledgement that is over: it has no place any more but a private line. A form may have
 * closed meanwhile as if it had been taken.
 */
import type { KnownBlock } from '@slack/types';
import { type Problem, problem } from '../core/problem.ts';
import { fit } from '../core/text.ts';
import { escapeMrkdwn, linked, type SlackMessage, section } from '../slack/blocks.ts';
import { messageText } from '../slack/message-text.ts';
import { problemMessage } from '../slack/notices.ts';
import { withoutSecrets } from '../slack/without-secrets.ts';
import { attemptAt } from './deps.ts';
import type { Payload } from './payload.ts';
import type { Replies } from './replies.ts';
import type { Trail } from './trail.ts';

/** As much of a form's answer as matters here. */
interface FormAnswer {
  readonly errors?: Readonly<Record<string, string>>;
  readonly view?: { readonly submit?: unknown; readonly blocks: KnownBlock[] };
}

export type TellLate = (payload: Payload, response: unknown) => Promise<void>;

export function createTellLate({ replies, trail }: { replies: Replies; trail: Trail }): TellLate {
  return async ({ kind, place }, response) => {
    if (!place || response === undefined) return;
    if (kind === 'command') return replies.privately(place, response as SlackMessage);
    const { errors, view } = response as FormAnswer;
    if (errors) await replies.privately(place, errorWords(errors));
    else if (view?.submit) {
      const lost = pageLost();
      await replies.privately(place, problemMessage(lost, trail.refused(attemptAt(place), lost)));
    } else if (view) await replies.privately(place, wordsOf(view));
  };
}

/** Without a reference, as in the form: one that is kept has it among its words. */
function errorWords(errors: Readonly<Record<string, string>>): SlackMessage {
  const words = `Your form was not accepted: ${Object.values(errors).join(' ')} Open the form again.`;
  return withoutSecrets({ text: escapeMrkdwn(words), blocks: [section(linked(words, 2000))] });
}

/** A page cannot be filled in where it would be told now. */
function pageLost(): Problem {
  return problem(
    'busy',
    'Your form was not answered in time, so Slack may have closed it. Nothing was asked for.',
    'If it is gone, open it again.',
    { isTransient: true },
  );
}

/** A view that only says something: why it was not taken, or that it was. */
function wordsOf({ blocks }: NonNullable<FormAnswer['view']>): SlackMessage {
  return { text: escapeMrkdwn(fit(messageText(blocks), 1000)), blocks };
}
