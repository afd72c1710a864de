/**
 * A message whose posting was not answered may be there all the same: a card would stay as it is for ever beside a second
 * one, and a line would mention people twice. Slack knows no key by which a message is posted once, so it is looked for,
 * where Slack lets us look.
 */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { minuteMs } from '../core/duration.ts';
import type { Moment, RequestId } from '../core/ids.ts';
import type { Log, Sending } from '../core/ports.ts';
import { slackErrorCode, slackProblem } from './errors.ts';

/** What a message says it is, for us to find it by. Everybody in the workspace can read it: ids and nothing else. */
export type Mark =
  | {
      /** The second: it was a card, which is elsewhere now. */
      readonly event_type: 'greenlight_request' | 'greenlight_moved';
      readonly event_payload: { readonly request_id: RequestId };
    }
  | { readonly event_type: 'greenlight_notice'; readonly event_payload: { readonly notice: string } };

export function cardMark(id: RequestId): Mark {
  return { event_type: 'greenlight_request', event_payload: { request_id: id } };
}

export function movedMark(id: RequestId): Mark {
  return { event_type: 'greenlight_moved', event_payload: { request_id: id } };
}

/** `key`: the notice's own. */
export function noticeMark(key: string): Mark {
  return { event_type: 'greenlight_notice', event_payload: { notice: key } };
}

/** Where to look. */
export interface Stretch {
  readonly channel: string;
  /** The ts of the message that it answers. */
  readonly thread?: string;
  /** It was not posted before. */
  readonly since: Moment;
}

/** What we have posted there, the newest first in a channel. */
export interface Reading {
  readonly messages: readonly Read[];
  /** What is before this ts was not read. */
  readonly from: string;
}

type Read = z.infer<typeof pageSchema>['messages'][number];

export interface LostMessages {
  /**
   * The ts of each of ours that says it is this message. None when the administrator has not let us read there, which
   * the log says once.
   * @throws ProblemError when Slack cannot tell now.
   */
  find(stretch: Stretch, mark: Mark, turn?: Sending['turn']): Promise<readonly string[]>;
  /** `undefined` when we may not read there. @throws ProblemError when Slack cannot tell now. */
  read(stretch: Stretch, turn?: Sending['turn']): Promise<Reading | undefined>;
}

/** Slack's clock and ours may differ. */
const skewMs = 5 * minuteMs;
/** 1,000 messages; what lies further was not posted a moment ago. */
const pagesMax = 5;
const perPage = 200;

const pageSchema = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string(),
        bot_id: z.string().optional(),
        metadata: z
          .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
          .optional()
          .catch(undefined),
      }),
    )
    .default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
type Page = z.infer<typeof pageSchema>;

export function createLostMessages(client: WebClient, log: Log): LostMessages {
  const unread = new Set<string>();
  let bot: Promise<string> | undefined;

  /** Any app can post what claims to be ours. */
  async function ownBot(turn: Sending['turn']): Promise<string> {
    await turn?.({ method: 'auth.test', channel: '' });
    bot ??= client.auth.test().then(
      (answer) => z.string().parse(answer.bot_id),
      (error: unknown) => {
        bot = undefined;
        throw slackProblem(error, 'auth.test');
      },
    );
    return bot;
  }

  async function read(stretch: Stretch, turn?: Sending['turn']): Promise<Reading | undefined> {
    const messages: Read[] = [];
    const own = await (bot ?? ownBot(turn));
    let cursor: string | undefined;
    let from = '';
    for (let page = 0; page < pagesMax; page++) {
      const answer = await readPage(client, stretch, cursor, turn);
      if (typeof answer === 'string') {
        sayOnce(stretch.channel, answer);
        return undefined;
      }
      messages.push(...answer.messages.filter(({ bot_id }) => bot_id === own));
      from = answer.messages.at(-1)?.ts ?? from;
      cursor = answer.response_metadata?.next_cursor || undefined;
      if (cursor === undefined) return { messages, from: '' };
    }
    return { messages, from };
  }

  function sayOnce(channel: string, code: string): void {
    if (unread.has(channel) || code === 'thread_not_found') return;
    unread.add(channel);
    log.warn(
      { channel, code },
      'we may not read what is in a channel (scopes channels:history, groups:history): a card that was lost on its way may be there twice',
    );
  }

  return {
    read,
    async find(stretch, mark, turn) {
      const reading = await read(stretch, turn);
      return (reading?.messages ?? []).filter((one) => isMarked(one, mark)).map(({ ts }) => ts);
    },
  };
}

export function isMarked({ metadata }: Read, mark: Mark): boolean {
  if (metadata?.event_type !== mark.event_type) return false;
  return Object.entries(mark.event_payload).every(([name, value]) => metadata.event_payload[name] === value);
}

/** How far back a stretch goes. */
export function oldestOf({ since }: Pick<Stretch, 'since'>): string {
  return ((since - skewMs) / 1_000).toFixed(6);
}

/** Slack's word for why not, when we may not read there. */
async function readPage(
  { conversations }: WebClient,
  stretch: Stretch,
  cursor: string | undefined,
  turn: Sending['turn'],
): Promise<Page | string> {
  const { channel, thread } = stretch;
  const where = {
    ...{ channel, limit: perPage, include_all_metadata: true },
    // A thread is short, and read whole: `since` is by our clock, which may have been ahead of Slack's.
    ...(thread === undefined ? { oldest: oldestOf(stretch) } : {}),
    ...(cursor === undefined ? {} : { cursor }),
  };
  const method = thread === undefined ? 'conversations.history' : 'conversations.replies';
  await turn?.({ method, channel });
  try {
    const answer =
      thread === undefined
        ? await conversations.history(where)
        : await conversations.replies({ ...where, ts: thread });
    return pageSchema.parse(answer);
  } catch (error) {
    const code = slackErrorCode(error) ?? '';
    if (unreadable.has(code)) return code;
    throw slackProblem(error, method);
  }
}

/** The last: the message that it would answer is gone, and with it what was said under it. */
const unreadable = new Set([
  'missing_scope',
  'not_in_channel',
  'channel_not_found',
  'no_permission',
  'thread_not_found',
]);
