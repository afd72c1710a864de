/** Cards and notices out to Slack. Whoever calls keeps the order and tries again; here every call is made once. */
import type { WebClient } from '@slack/web-api';
import type { ChatCall, EndChoice, Log, Messenger, Notice, PostedCard, Sending } from '../core/ports.ts';
import { ProblemError } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import { askingNotice, isAsking } from './asking-notices.ts';
import { type SlackMessage, section } from './blocks.ts';
import { createCardPlaces, movedAway } from './card-places.ts';
import { plainCard } from './cards/plain.ts';
import { type CardContext, cardOf } from './cards.ts';
import type { ChannelGuard, Turn } from './channels.ts';
import { SlackCallError, unreachable, unwritable } from './errors.ts';
import { isLockNewsPast } from './lock-notices.ts';
import { cardMark, createLostMessages, movedMark, noticeMark } from './lost-message.ts';
import { noticeOf } from './notices.ts';
import { type MarkedMessage, post } from './post.ts';
import { isAboutReviews, reviewNotice } from './review-notices.ts';
import { isAboutStalls, stallNotice } from './stall-notices.ts';
import { edit, takeBack } from './take-back.ts';

export interface MessengerOptions {
  /** The background client. */
  readonly client: WebClient;
  /** Channel ids. */
  readonly channels: Readonly<Record<'requests' | 'deploys', string>>;
  /** Where emergencies are told, an id; the channel for requests when not given. */
  readonly alerts?: string;
  readonly cards: CardContext;
  readonly guard: ChannelGuard;
  readonly log: Log;
  /** What its requester can do about the end of its environment. */
  endChoices(request: PlatformRequest): Promise<readonly EndChoice[]>;
}

export function createMessenger(options: MessengerOptions): Messenger {
  const { client, channels, cards, guard, log } = options;
  const lost = createLostMessages(client, log);
  const places = createCardPlaces({ ...options, tellRequester });

  async function send(channel: string, message: MarkedMessage, turn: Turn, thread?: string): Promise<string> {
    await turn?.({ method: 'chat.postMessage', channel });
    return post(client, channel, message, thread);
  }

  /** Whoever cannot be written to reads it on the card, or nowhere: it must not come again for ever. */
  async function tellAlone(
    person: string,
    request: PlatformRequest,
    message: SlackMessage,
    turn: Turn,
  ): Promise<void> {
    try {
      await asWritable(
        request,
        message,
        () => inWords(message),
        (one) => send(person, one, turn),
      );
    } catch (error) {
      if (!hasCode(error, unreachable)) throw error;
      log.warn({ request: request.id, person, problem: error.problem }, 'somebody cannot be written to');
    }
  }

  async function tellRequester(request: PlatformRequest, message: SlackMessage, turn?: Turn): Promise<void> {
    await tellAlone(request.requester.id, request, message, turn);
  }

  /** What Slack does not take as it is drawn must not be tried for ever: the plain one says the same. */
  async function asWritable<Value>(
    request: PlatformRequest,
    message: MarkedMessage,
    plain: () => SlackMessage,
    write: (message: MarkedMessage) => Promise<Value>,
  ): Promise<Value> {
    try {
      return await write(message);
    } catch (error) {
      if (!hasCode(error, unwritable)) throw error;
      log.error(
        { request: request.id, problem: error.problem },
        'Slack does not take a message: it is said plain',
      );
      const { metadata } = message;
      return await write({ ...plain(), ...(metadata && { metadata }) });
    }
  }

  async function show(
    request: PlatformRequest,
    posted: PostedCard | undefined,
    { mayBeThere = false, turn }: Sending,
  ): Promise<Pick<PostedCard, 'channel' | 'ts'>> {
    const mark = cardMark(request.id);
    const message = { ...cardOf(request, cards), metadata: mark };
    const plain = () => plainCard(request, cards);
    const editTo = (at: Pick<PostedCard, 'channel' | 'ts'>) =>
      asWritable(request, message, plain, (one) => edit(client, at, one, turn));
    // Asked before each edit too: the channel may have become another company's since.
    if (posted && !(await places.mayStay(posted.channel, turn))) {
      await edit(client, posted, { ...movedAway(request), metadata: movedMark(request.id) }, turn);
    } else if (posted && (await editTo(posted))) return posted;
    const channel = await places.placeFor(request, turn);
    const stretch = { channel, since: request.createdAt };
    const copies = mayBeThere ? await lost.find(stretch, mark, turn) : [];
    // The first that was posted stays: people have seen it, and answered under it.
    let found: Pick<PostedCard, 'channel' | 'ts'> | undefined;
    for (const ts of copies.toReversed()) {
      if (found) await takeBack(client, { channel, ts }, request.id, found, turn);
      else if (ts !== posted?.ts && (await editTo({ channel, ts }))) found = { channel, ts };
    }
    if (found) return found;
    return { channel, ts: await asWritable(request, message, plain, (one) => send(channel, one, turn)) };
  }

  async function lineOf({ key, kind }: Notice, request: PlatformRequest): Promise<SlackMessage | undefined> {
    if (isAsking(kind)) return askingNotice({ key, kind }, request, cards);
    if (isAboutReviews(kind)) return reviewNotice(kind, request);
    if (isAboutStalls(kind)) return stallNotice(kind, request);
    if (isLockNewsPast(kind, request)) return undefined;
    return noticeOf({ kind }, request, cards, kind === 'ending' ? await options.endChoices(request) : []);
  }

  /** @throws ProblemError when everything that it could be is shared with others. */
  async function placeOf(
    { kind }: Notice,
    request: PlatformRequest,
    posted: PostedCard | undefined,
    turn: Turn,
  ): Promise<{ readonly channel: string; readonly thread?: string }> {
    if (kind === 'glass_broken') {
      const channel = options.alerts ?? channels.requests;
      const refusal = await guard.refusal(channel, turn);
      if (refusal) throw new ProblemError(refusal);
      return { channel };
    }
    if (posted && (await places.mayStay(posted.channel, turn))) {
      return { channel: posted.channel, thread: posted.ts };
    }
    return { channel: await places.placeFor(request, turn) };
  }

  return {
    firstCall(request, posted, notice): ChatCall {
      const own = posted?.channel ?? channels[request.channel];
      if (!notice) return { method: posted ? 'chat.update' : 'chat.postMessage', channel: own };
      const method = 'chat.postMessage';
      if (notice.kind === 'lock_idle') return { method, channel: holderOf(request) };
      const isGlass = notice.kind === 'glass_broken';
      return { method, channel: isGlass ? (options.alerts ?? channels.requests) : own };
    },

    async showCard(request, _history, posted, sending = {}) {
      const { channel, ts } = await show(request, posted, sending);
      return { channel, ts, shownVersion: request.version };
    },

    async tell(notice, request, posted, { mayBeThere = false, turn } = {}) {
      const message = await lineOf(notice, request);
      if (!message) return true;
      // For one person alone: a message of their own, in no channel that others read.
      if (notice.kind === 'lock_idle') {
        await tellAlone(holderOf(request), request, message, turn);
        return true;
      }
      const mark = noticeMark(notice.key);
      const { channel, thread } = await placeOf(notice, request, posted, turn);
      const where = { channel, ...(thread === undefined ? {} : { thread }), since: request.createdAt };
      if (mayBeThere && (await lost.find(where, mark, turn)).length > 0) return true;
      try {
        await asWritable(
          request,
          { ...message, metadata: mark },
          () => inWords(message),
          (one) => send(channel, one, turn, thread),
        );
        return true;
      } catch (error) {
        // Also when cards go elsewhere by now, and nothing can be said any more where this one is.
        const isLeft = thread !== undefined && channel !== channels[request.channel];
        if (thread !== undefined && hasCode(error, isLeft ? leftBehind : threadGone)) return false;
        throw error;
      }
    },

    takeBack: (message, id, card, { turn } = {}) => takeBack(client, message, id, card, turn),
  };
}

const threadGone = new Set(['thread_not_found', 'message_not_found', 'cannot_reply_to_message']);
const leftBehind = new Set([...threadGone, 'not_in_channel', 'channel_not_found', 'is_archived']);

function hasCode(error: unknown, codes: ReadonlySet<string>): error is SlackCallError {
  return error instanceof SlackCallError && codes.has(error.slackCode ?? '');
}

/** A line without what is drawn around it. */
function inWords({ text }: SlackMessage): SlackMessage {
  return { text, blocks: [section(text)] };
}

/** Of the lock that it is about. */
function holderOf({ lock, requester }: PlatformRequest): string {
  return lock?.holder.id ?? requester.id;
}
