/**
 * Cards that are one too many, and cards that are missing. One too many: a process was killed between posting and
 * writing it down, an answer was lost, two replicas spoke for a moment. Missing: somebody has deleted it. Looked for in
 * what was posted of late, within a bound, and at the moment at which somebody clicks on one.
 */
import { dayMs } from '../core/duration.ts';
import type { Moment, RequestId } from '../core/ids.ts';
import { requestIdSchema } from '../core/ids.ts';
import type { Clock, Log, Messenger, PostedCard, Sending } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import type { Store } from '../core/store.ts';
import type { SlackClient } from './clients.ts';
import { cardMark, createLostMessages, isMarked, oldestOf, type Reading } from './lost-message.ts';

export interface StrayCardsOptions {
  readonly client: SlackClient;
  readonly store: Pick<Store, 'settledCard' | 'postedCards' | 'cardMissed'>;
  readonly messenger: Pick<Messenger, 'takeBack'>;
  /** Those in which cards are. */
  readonly channels: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}

export interface StrayCards {
  /** Takes away what is one too many, and has drawn again what is missing. @throws ProblemError when Slack cannot tell now. */
  sweep(sending: Sending): Promise<void>;
  /** Somebody clicked on a message that says it is this request's card. Never throws. */
  met(id: RequestId, message: Pick<PostedCard, 'channel' | 'ts'>): Promise<void>;
}

/** How far back: within the last thousand messages of each channel. */
const sweptMs = dayMs;

export function createStrayCards(options: StrayCardsOptions): StrayCards {
  const { client, store, messenger, clock, log } = options;
  const lost = createLostMessages(client, log);

  async function sweepChannel(channel: string, since: Moment, sending: Sending): Promise<void> {
    // Asked before Slack is: what is posted meanwhile is not missing.
    const known = await store.postedCards(channel, oldestOf({ since }));
    const reading = await lost.read({ channel, since }, sending.turn);
    if (!reading) return;
    const posted = new Map(known.map(({ requestId, ts }) => [requestId, ts]));
    for (const [ts, id] of cardsIn(reading)) {
      if (posted.get(id) !== ts) await settle(id, { channel, ts }, sending);
    }
    const seen = new Set(reading.messages.map(({ ts }) => ts));
    for (const { requestId, ts } of known) {
      if (ts < reading.from || seen.has(ts)) continue;
      log.info({ request: requestId }, 'a card is gone: it is posted anew');
      await store.cardMissed(requestId, ts, clock.now());
    }
  }

  /**
   * What is not written down yet stays: it may be the card itself, posted a moment ago in place of one that is gone, or
   * whoever posts that next finds it by its mark.
   */
  async function settle(
    id: RequestId,
    message: Pick<PostedCard, 'channel' | 'ts'>,
    sending: Sending = {},
  ): Promise<void> {
    const card = await store.settledCard(id);
    if (!card || (card.ts === message.ts && card.channel === message.channel)) return;
    await messenger.takeBack(message, id, card, sending);
    log.info({ request: id, ...message }, 'a second card was taken away');
  }

  return {
    async sweep(sending) {
      const since = clock.now() - sweptMs;
      for (const channel of new Set(options.channels)) await sweepChannel(channel, since, sending);
    },

    async met(id, message) {
      try {
        await settle(id, message);
      } catch (error) {
        log.warn({ request: id, problem: problemFrom(error) }, 'a second card could not be taken away');
      }
    },
  };
}

/** By ts, with the request that each says it is of. */
function cardsIn({ messages }: Reading): readonly (readonly [string, RequestId])[] {
  return messages.flatMap((one) => {
    const id = requestIdSchema.safeParse(one.metadata?.event_payload.request_id).data;
    return id !== undefined && isMarked(one, cardMark(id)) ? [[one.ts, id] as const] : [];
  });
}
