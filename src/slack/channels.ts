/** Where a card may go: never where people of another company read along, unless that channel is on the list. */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Clock, Sending } from '../core/ports.ts';
import { type Problem, problem } from '../core/problem.ts';
import { slackProblem } from './errors.ts';

/** Sharing a channel is rare and takes an invitation, so a few minutes are soon enough to notice. */
const channelCacheMs = 5 * 60_000;

const channelSchema = z.object({
  is_ext_shared: z.boolean().optional(),
  is_pending_ext_shared: z.boolean().optional(),
  /** Also true of one that only other workspaces of the same organisation share: their people are not ours either. */
  is_shared: z.boolean().optional(),
});

/** Awaited before Slack is asked, by whoever keeps a pace. */
export type Turn = Sending['turn'];

export interface ChannelGuard {
  /**
   * The problem that forbids posting there, or `undefined`.
   * @throws ProblemError when it cannot be told now: then nothing is posted.
   */
  refusal(channel: string, turn?: Turn): Promise<Problem | undefined>;
  /**
   * Whether people of another company read along, whatever was agreed on for cards.
   * @throws ProblemError when it cannot be told now.
   */
  isShared(channel: string): Promise<boolean>;
  /** Slack says that who reads along there has changed: it is asked again before anything is posted. */
  forget(channel: string): void;
}

export function createChannelGuard(options: {
  readonly client: WebClient;
  readonly clock: Clock;
  /** Ids of shared channels in which cards are welcome all the same. */
  readonly allowedSharedChannels: readonly string[];
}): ChannelGuard {
  const { client, clock, allowedSharedChannels } = options;
  const known = new Map<string, { readonly isShared: boolean; readonly at: number }>();
  let changes = 0;

  async function isShared(channel: string, turn?: Turn): Promise<boolean> {
    const remembered = known.get(channel);
    if (remembered && clock.now() - remembered.at < channelCacheMs) return remembered.isShared;
    if (turn) await turn({ method: 'conversations.info', channel });
    const asOf = changes;
    let answer: unknown;
    try {
      answer = (await client.conversations.info({ channel })).channel;
    } catch (error) {
      throw slackProblem(error, 'conversations.info');
    }
    // What was asked before somebody shared it may be how it was.
    if (asOf !== changes) return isShared(channel, turn);
    const found = channelSchema.safeParse(answer);
    // What cannot be read is as good as shared.
    const is =
      !found.success ||
      [found.data.is_ext_shared, found.data.is_pending_ext_shared, found.data.is_shared].includes(true);
    known.set(channel, { isShared: is, at: clock.now() });
    return is;
  }

  return {
    isShared: (channel) => isShared(channel),
    forget(channel) {
      changes++;
      known.delete(channel);
    },
    async refusal(channel, turn) {
      if (allowedSharedChannels.includes(channel)) return undefined;
      return (await isShared(channel, turn)) ? sharedProblem(channel) : undefined;
    },
  };
}

function sharedProblem(channel: string): Problem {
  return problem(
    'outside_refused',
    'That channel is shared with another company, so nothing of ours is posted there.',
    'Use a channel of your own, or have the platform team put this one on the list of allowed channels.',
    { detail: `channel ${channel} is_ext_shared` },
  );
}
