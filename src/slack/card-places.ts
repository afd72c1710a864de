/**
 * In which channel a request's card is: in the one that is meant for it, and where people of another company read along
 * there, in the next one where nobody does. A channel may become shared while a card is in it, or out of our sight.
 */
import type { RequestId } from '../core/ids.ts';
import type { Log } from '../core/ports.ts';
import { type Problem, ProblemError, problemFrom } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import { inline, mention, type SlackMessage, section } from './blocks.ts';
import type { ChannelGuard, Turn } from './channels.ts';
import { blameOf } from './errors.ts';

export interface CardPlaces {
  /**
   * The channel for a new card of this request.
   * @throws ProblemError when there is none, or when it cannot be told now: nothing is posted then.
   */
  placeFor(request: PlatformRequest, turn?: Turn): Promise<string>;
  /**
   * Whether a card that is there already may stay: not where we see nothing any more and cards go elsewhere by now.
   * @throws ProblemError when it cannot be told now.
   */
  mayStay(channel: string, turn?: Turn): Promise<boolean>;
}

export interface CardPlacesOptions {
  readonly channels: Readonly<Record<'requests' | 'deploys', string>>;
  /** The channel for emergencies: the last resort for any card. */
  readonly alerts?: string;
  readonly guard: ChannelGuard;
  readonly log: Log;
  /** Says it to its requester alone. */
  tellRequester(request: PlatformRequest, message: SlackMessage, turn?: Turn): Promise<void>;
}

/** Requests of whose card somebody was told lately; told again after that many others at worst. */
const toldMax = 1_000;

export function createCardPlaces({
  channels,
  alerts,
  guard,
  log,
  tellRequester,
}: CardPlacesOptions): CardPlaces {
  const told = new Set<RequestId>();
  const inUse = new Set([channels.requests, channels.deploys, alerts]);

  async function tellOnce(request: PlatformRequest, message: SlackMessage, turn?: Turn): Promise<void> {
    if (told.has(request.id) || request.requester.kind === 'system') return;
    try {
      await tellRequester(request, message, turn);
    } catch (error) {
      const cause = problemFrom(error);
      // Told twice, where only the answer was lost, is better than never.
      if (cause.isTransient) throw error;
      log.warn({ request: request.id, problem: cause }, 'its requester could not be told where a card is');
    }
    told.add(request.id);
    const [oldest] = told;
    if (told.size > toldMax && oldest !== undefined) told.delete(oldest);
  }

  return {
    async mayStay(channel, turn) {
      try {
        return (await guard.refusal(channel, turn)) === undefined;
      } catch (error) {
        // Into one that cards still go to, somebody has to let us again.
        if (inUse.has(channel) || blameOf(error) !== 'channel') throw error;
        return false;
      }
    },

    async placeFor(request, turn) {
      const wanted = channels[request.channel];
      const refusal = await guard.refusal(wanted, turn);
      if (!refusal) return wanted;
      const others = [channels.requests, ...(alerts === undefined ? [] : [alerts])];
      for (const channel of others) {
        if (channel === wanted || (await guard.refusal(channel, turn))) continue;
        log.warn({ request: request.id, wanted, channel }, 'a card went elsewhere: its channel is shared');
        await tellOnce(request, elsewhere(request, wanted, channel), turn);
        return channel;
      }
      log.error({ request: request.id, wanted }, 'a card went nowhere: all its channels are shared');
      await tellOnce(request, nowhere(request, refusal), turn);
      throw new ProblemError(refusal);
    },
  };
}

/** In the place of a card whose channel is another company's too by now: nothing of the request, and no button. */
export function movedAway({ id }: PlatformRequest): SlackMessage {
  return said(`${id} is no longer followed here: this channel is shared with another company now.`);
}

/** In the place of a second card that may not be deleted. `link`: to the one that is kept up to date. */
export function pointerTo(id: RequestId, channel: string, link: string | undefined): SlackMessage {
  return said(
    `${id} is followed elsewhere: ${link === undefined ? `in <#${channel}>` : `<${link}|its card>`}.`,
  );
}

function elsewhere({ id, requester }: PlatformRequest, wanted: string, channel: string): SlackMessage {
  return said(
    `${mention(requester.id)}: the card of ${id} is in <#${channel}>, as <#${wanted}> is shared with another company.`,
  );
}

function nowhere({ id, requester }: PlatformRequest, { sentence, next }: Problem): SlackMessage {
  return said(
    `${mention(requester.id)}: ${id} has no card. ${inline(sentence)} ${inline(next)} See it meanwhile with \`/requests ${id}\`.`,
  );
}

function said(line: string): SlackMessage {
  return { text: line, blocks: [section(line)] };
}
