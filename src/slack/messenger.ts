/** Cards and notices out to Slack. Whoever calls keeps the order and tries again; here every call is made once. */
import type { WebClient } from '@slack/web-api';
import type { EndChoice, Log, Messenger, Notice, PostedCard } from '../core/ports.ts';
import { ProblemError } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import { askingNotice, isAsking } from './asking-notices.ts';
import type { SlackMessage } from './blocks.ts';
import { createCardPlaces, movedAway } from './card-places.ts';
import { type CardContext, cardOf } from './cards.ts';
import type { ChannelGuard } from './channels.ts';
import { slackErrorCode, slackProblem } from './errors.ts';
import { cardMark, findLost, noticeMark } from './lost-message.ts';
import { noticeOf } from './notices.ts';
import { type MarkedMessage, post } from './post.ts';
import { isAboutReviews, reviewNotice } from './review-notices.ts';
import { isAboutStalls, stallNotice } from './stall-notices.ts';
import { withoutSecrets } from './without-secrets.ts';

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
  /** A card shows its request's newest state now. */
  shown?(request: PlatformRequest): void;
  /** What its requester can do about the end of its environment. */
  endChoices(request: PlatformRequest): Promise<readonly EndChoice[]>;
}

/** After these the old message can never be edited again: a new one takes its place. */
const goneForEditing = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'channel_not_found',
  'is_archived',
  'not_in_channel',
]);

export function createMessenger(options: MessengerOptions): Messenger {
  const { client, channels, cards, guard } = options;
  const places = createCardPlaces({
    ...options,
    async tellRequester({ requester }, message) {
      await send(requester.id, message);
    },
  });

  const send = (channel: string, message: MarkedMessage, thread?: string) =>
    post(client, channel, message, thread);

  /** `false` when the message is gone. */
  async function edit({ channel, ts }: PostedCard, message: SlackMessage): Promise<boolean> {
    try {
      await client.chat.update({ channel, ts, ...withoutSecrets(message) });
      return true;
    } catch (error) {
      if (goneForEditing.has(slackErrorCode(error) ?? '')) return false;
      throw slackProblem(error, 'chat.update');
    }
  }

  return {
    async showCard(request, _history, posted, mayBeThere = false) {
      const mark = cardMark(request.id);
      const message = { ...cardOf(request, cards), metadata: mark };
      const show = async (): Promise<PostedCard> => {
        // Asked before each edit too: the channel may have become another company's since.
        if (posted && !(await places.mayStay(posted.channel))) await edit(posted, movedAway(request));
        else if (posted && (await edit(posted, message))) return { ...posted, shownVersion: request.version };
        const channel = await places.placeFor(request);
        const lost =
          mayBeThere && !posted
            ? await findLost(client, { channel, mark, since: request.createdAt })
            : undefined;
        const found = lost && { channel, ts: lost, shownVersion: request.version };
        if (found && (await edit(found, message))) return found;
        return { channel, ts: await send(channel, message), shownVersion: request.version };
      };
      const shown = await show();
      options.shown?.(request);
      return shown;
    },

    async tell(notice, request, posted, mayBeThere = false) {
      const message = await lineOf(notice, request);
      if (!message) return;
      // For one person alone: a message of their own, in no channel that others read.
      if (notice.kind === 'lock_idle') {
        await send(request.lock?.holder.id ?? request.requester.id, message);
        return;
      }
      const mark = noticeMark(notice.key);
      const { channel, thread } = await placeOf(notice, request, posted);
      const where = { channel, ...(thread === undefined ? {} : { thread }) };
      const isThere = mayBeThere && (await findLost(client, { ...where, mark, since: request.createdAt }));
      if (!isThere) await send(channel, { ...message, metadata: mark }, thread);
    },
  };

  async function lineOf({ key, kind }: Notice, request: PlatformRequest): Promise<SlackMessage | undefined> {
    if (isAsking(kind)) return askingNotice({ key, kind }, request, cards);
    if (isAboutReviews(kind)) return reviewNotice(kind, request);
    if (isAboutStalls(kind)) return stallNotice(kind, request);
    return noticeOf({ kind }, request, cards, kind === 'ending' ? await options.endChoices(request) : []);
  }

  /** @throws ProblemError when everything that it could be is shared with others. */
  async function placeOf(
    { kind }: Notice,
    request: PlatformRequest,
    posted: PostedCard,
  ): Promise<{ readonly channel: string; readonly thread?: string }> {
    if (kind === 'glass_broken') {
      const channel = options.alerts ?? channels.requests;
      const refusal = await guard.refusal(channel);
      if (refusal) throw new ProblemError(refusal);
      return { channel };
    }
    if (await places.mayStay(posted.channel)) return { channel: posted.channel, thread: posted.ts };
    return { channel: await places.placeFor(request) };
  }
}
