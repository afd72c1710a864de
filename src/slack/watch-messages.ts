/** The one message of a watch: posted, drawn from an answer, edited in place. */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Answer } from '../core/action.ts';
import type { PersonId } from '../core/ids.ts';
import type { Person } from '../core/person.ts';
import { type Problem, ProblemError, problem } from '../core/problem.ts';
import type { Watch } from '../core/watch.ts';
import { answerMessage } from './answers.ts';
import { date, inline, type SlackMessage } from './blocks.ts';
import { slackErrorCode, slackProblem } from './errors.ts';

export interface WatchMessages {
  /** `ended`: its last words. */
  draw(watch: Watch, answer: Answer, ended?: string): Promise<SlackMessage>;
  /** In the channel when we may speak there; else to the person alone. */
  post(
    person: Person,
    channel: string | undefined,
    message: SlackMessage,
  ): Promise<{ readonly channel: string; readonly ts: string }>;
  /** `false` when the message is gone. */
  edit(watch: Watch, message: SlackMessage): Promise<boolean>;
}

export interface WatchMessagesOptions {
  /** The background client. */
  readonly client: WebClient;
  nameOf(id: PersonId): Promise<string>;
}

export function createWatchMessages({ client, nameOf }: WatchMessagesOptions): WatchMessages {
  return {
    async draw(watch, answer, ended) {
      const name = inline(await nameOf(watch.by), 80);
      return answerMessage(answer, watch, {
        kind: 'watch',
        id: watch.id,
        words:
          ended === undefined
            ? `:eyes: Followed until ${date(watch.until, '{time}')}, with what ${name} may see`
            : inline(ended, 200),
        isEnded: ended !== undefined,
      });
    },

    async post(person, channel, message) {
      const places = [...(channel === undefined ? [] : [channel]), person.id];
      for (const place of places) {
        try {
          const answer = await client.chat.postMessage({ channel: place, ...message, unfurl_links: false });
          return z.object({ channel: z.string(), ts: z.string() }).parse(answer);
        } catch (error) {
          const isOurs = place !== person.id && notThere.has(slackErrorCode(error) ?? '');
          if (!isOurs) throw slackProblem(error, 'chat.postMessage');
        }
      }
      throw new ProblemError(nowhere());
    },

    async edit({ channel, ts }, message) {
      try {
        await client.chat.update({ channel, ts, ...message });
        return true;
      } catch (error) {
        if (gone.has(slackErrorCode(error) ?? '')) return false;
        throw slackProblem(error, 'chat.update');
      }
    },
  };
}

/** The message can never be edited again. */
const gone = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'channel_not_found',
  'is_archived',
]);
/** We are not where it was asked for. */
const notThere = new Set(['not_in_channel', 'channel_not_found', 'is_archived', 'restricted_action']);

export function nowhere(): Problem {
  return problem('outside_refused', 'There is no place to show this.', 'Ask again in another channel.');
}

/** In place of an answer that may not be shown any more. */
export function lastWords(sentence: string): Answer {
  return { title: 'Watched no longer', sentence, mood: 'unknown', sections: [], links: [], next: [] };
}
