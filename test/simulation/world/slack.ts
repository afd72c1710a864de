/** A Slack as the messenger reaches it: keeps messages, limits how fast they come, and may fail like any other outside. */
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  type WebClient,
} from '@slack/web-api';
import type { Calls, Life } from '../calls.ts';
import { drawOf } from '../chance.ts';
import type { Story } from '../story.ts';
import type { Timeline } from '../timeline.ts';

export interface Message {
  readonly channel: string;
  readonly ts: string;
  readonly thread?: string;
  /** What it was marked with: a request's id, or a notice's key. */
  readonly mark: string;
  text: string;
  blocks: unknown;
  /** When somebody deleted it by hand. */
  deletedAt: number | undefined;
  /** By the bot itself. */
  isTakenBack: boolean;
  /** It was on its way for so long that whoever sent it had been killed by then. */
  readonly isOfTheDead: boolean;
  readonly metadata: unknown;
}

export interface Slack {
  readonly messages: readonly Message[];
  client(calls: Calls, life: Life): WebClient;
}

interface Asked {
  readonly channel: string;
  readonly ts?: string;
  readonly message_ts?: string;
  readonly text?: string;
  readonly blocks?: unknown;
  readonly metadata?: { readonly event_payload: Readonly<Record<string, unknown>> };
  readonly thread_ts?: string;
  readonly oldest?: string;
  readonly cursor?: string;
}

/** As small as it can be, so that the bot has to turn pages. */
const perPage = 20;
const botId = 'B0GREENLIGHT';

export function createSlack(seed: number, timeline: Timeline, story: Story): Slack {
  const messages: Message[] = [];
  let failures = 0;

  function find({ channel, ts }: Asked): Message {
    const found = messages.find(
      (one) => one.channel === channel && one.ts === ts && one.deletedAt === undefined,
    );
    if (!found) throw refused('message_not_found');
    return found;
  }

  const isThere = (wanted: string | undefined) =>
    messages.some(({ ts, deletedAt }) => ts === wanted && deletedAt === undefined);

  const methods = {
    'chat.postMessage'(asked: Asked, life: Life) {
      const { channel, text = '', blocks, metadata, thread_ts: thread } = asked;
      if (thread !== undefined && !isThere(thread)) throw refused('thread_not_found');
      const ts = `${Math.floor(timeline.now() / 1_000)}.${String(messages.length + 1).padStart(6, '0')}`;
      const mark = Object.values(metadata?.event_payload ?? {}).join();
      story.note(timeline.now(), `Slack: ${mark || text} is posted as ${ts}`);
      messages.push({
        ...{ channel, ts, mark, text, blocks, metadata, deletedAt: undefined, isTakenBack: false },
        isOfTheDead: !life.isAlive(),
        ...(thread === undefined ? {} : { thread }),
      });
      return { ok: true, channel, ts };
    },
    'chat.update'(asked: Asked) {
      const message = find(asked);
      message.text = asked.text ?? '';
      message.blocks = asked.blocks;
      return { ok: true, ts: message.ts };
    },
    'chat.getPermalink': ({ channel, message_ts = '' }: Asked) => ({
      ok: true,
      permalink: `https://acme.slack.example/archives/${channel}/p${message_ts.replace('.', '')}`,
    }),
    'auth.test': (_asked: Asked) => ({ ok: true, bot_id: botId }),
    'chat.delete'(asked: Asked) {
      const message = find(asked);
      message.deletedAt = timeline.now();
      message.isTakenBack = true;
      story.note(timeline.now(), `Slack: ${message.mark} at ${message.ts} is taken back`);
      return { ok: true, ts: message.ts };
    },
    'conversations.info': ({ channel }: Asked) => ({ ok: true, channel: { id: channel } }),
    'conversations.history': (asked: Asked) =>
      page(asked, (one) => one.thread === undefined && Number(one.ts) >= Number(asked.oldest ?? 0)),
    'conversations.replies'(asked: Asked) {
      if (!isThere(asked.ts)) throw refused('thread_not_found');
      return page(asked, (one) => one.thread === asked.ts || one.ts === asked.ts);
    },
  };

  /** The newest first. */
  function page({ channel, cursor = '0' }: Asked, isWanted: (one: Message) => boolean) {
    const all = messages
      .filter((one) => one.channel === channel && one.deletedAt === undefined && isWanted(one))
      .toReversed();
    const from = Number(cursor);
    const next = from + perPage < all.length ? String(from + perPage) : '';
    return {
      ok: true,
      messages: all.slice(from, from + perPage).map(({ ts, metadata }) => ({ ts, metadata, bot_id: botId })),
      response_metadata: { next_cursor: next },
    };
  }

  function failure(): Error {
    const draw = drawOf(seed, `slack fails ${failures++}`);
    if (draw < 0.3) return new WebAPIRateLimitedError(1 + Math.floor(draw * 40));
    if (draw < 0.6) return new WebAPIHTTPError(503, 'Service Unavailable', {});
    if (draw < 0.8) return refused('internal_error');
    return new WebAPIRequestError(new Error('socket hang up'));
  }

  return {
    messages,
    client(calls, life) {
      const method = (name: keyof typeof methods) => (asked: Asked) =>
        calls.make(life, {
          port: 'slack',
          what: `${name}${aboutOf(asked)}`,
          isWrite: ['chat.postMessage', 'chat.update', 'chat.delete'].includes(name),
          work: () => methods[name](asked, life),
          failure,
        });
      const client = {
        auth: { test: () => method('auth.test')({ channel: '' }) },
        chat: {
          postMessage: method('chat.postMessage'),
          update: method('chat.update'),
          delete: method('chat.delete'),
          getPermalink: method('chat.getPermalink'),
        },
        conversations: {
          info: method('conversations.info'),
          history: method('conversations.history'),
          replies: method('conversations.replies'),
        },
      };
      return client as unknown as WebClient;
    },
  };
}

function refused(error: string): WebAPIPlatformError {
  return new WebAPIPlatformError({ ok: false, error });
}

function aboutOf({ metadata, ts }: Asked): string {
  if (metadata) return ` ${Object.values(metadata.event_payload).join()}`;
  return ts === undefined ? '' : ` ${ts}`;
}
