/** Cards and notices out to Slack. Whoever calls keeps the order and tries again; here every call is made once. */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { EndChoice, Log, Messenger, PostedCard } from '../core/ports.ts';
import { ProblemError } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import { askingNotice, isAsking } from './asking-notices.ts';
import type { SlackMessage } from './blocks.ts';
import { createCardPlaces, movedAway } from './card-places.ts';
import { type CardContext, cardOf } from './cards.ts';
import type { ChannelGuard } from './channels.ts';
import { slackErrorCode, slackProblem } from './errors.ts';
import { cardEvent, findLostCard } from './lost-card.ts';
import { noticeOf } from './notices.ts';
import { isAboutReviews, reviewNotice } from './review-notices.ts';
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

  async function post(channel: string, message: SlackMessage, thread?: string): Promise<string> {
    const refusal = await guard.refusal(channel);
    if (refusal) throw new ProblemError(refusal);
    return send(channel, message, thread);
  }

  async function send(channel: string, message: SlackMessage, thread?: string): Promise<string> {
    try {
      const answer = await client.chat.postMessage({
        channel,
        ...withoutSecrets(message),
        unfurl_links: false,
        unfurl_media: false,
        ...(thread === undefined ? {} : { thread_ts: thread }),
      });
      return z.string().parse(answer.ts);
    } catch (error) {
      throw slackProblem(error, 'chat.postMessage');
    }
  }

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
      const message = withRequestId(cardOf(request, cards), request);
      const show = async (): Promise<PostedCard> => {
        // Asked before each edit too: the channel may have become another company's since.
        if (posted && !(await places.mayStay(posted.channel))) await edit(posted, movedAway(request));
        else if (posted && (await edit(posted, message))) return { ...posted, shownVersion: request.version };
        const channel = await places.placeFor(request);
        const lost = mayBeThere && !posted ? await findLostCard(client, channel, request) : undefined;
        const found = lost && { channel, ts: lost, shownVersion: request.version };
        if (found && (await edit(found, message))) return found;
        return { channel, ts: await send(channel, message), shownVersion: request.version };
      };
      const shown = await show();
      options.shown?.(request);
      return shown;
    },

    async tell(notice, request, posted) {
      const choices = notice.kind === 'ending' ? await options.endChoices(request) : [];
      const { key, kind } = notice;
      const message = isAsking(kind)
        ? askingNotice({ key, kind }, request, cards)
        : isAboutReviews(kind)
          ? reviewNotice(kind, request)
          : noticeOf({ kind }, request, cards, choices);
      if (!message) return;
      // For one person alone: a message of their own, in no channel that others read.
      if (notice.kind === 'lock_idle') {
        await send(request.lock?.holder.id ?? request.requester.id, message);
      } else if (notice.kind === 'glass_broken') {
        await post(options.alerts ?? channels.requests, message);
      } else {
        const isOurs = await places.mayStay(posted.channel);
        if (isOurs) await send(posted.channel, message, posted.ts);
        else await send(await places.placeFor(request), message);
      }
    },
  };
}

/** Everybody in the workspace can read metadata, so it holds the request's id and nothing else. */
function withRequestId(message: SlackMessage, request: PlatformRequest) {
  return {
    ...message,
    metadata: { event_type: cardEvent, event_payload: { request_id: request.id } },
  };
}
