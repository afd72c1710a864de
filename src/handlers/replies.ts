/** Answers that one person reads alone, by whichever way is open: the payload's own, the channel's, or a direct message. */
import type { Log } from '../core/ports.ts';
import type { SlackMessage } from '../slack/blocks.ts';
import { interactiveTimeoutMs, type SlackClient } from '../slack/clients.ts';
import { slackErrorCode } from '../slack/errors.ts';
import type { Address } from './payload.ts';

export interface Replies {
  /**
   * Never throws: a private line that cannot be said is logged, the work it speaks of is done all the same. `plainer` is
   * said instead when Slack does not take the message itself.
   */
  privately(place: Address, message: SlackMessage, plainer?: SlackMessage): Promise<void>;
  /** In the place of the message whose button was clicked. `false` when that is no longer possible. */
  replace(place: Address, message: SlackMessage): Promise<boolean>;
  /** For everybody in the channel. `false` when there is no way to. */
  toChannel(place: Address, message: SlackMessage): Promise<boolean>;
}

export interface RepliesOptions {
  readonly client: SlackClient;
  readonly log: Log;
  /** Where Slack's API is: its `response_url`s are there, or at `hooks.` before it. */
  readonly apiUrl?: string;
}

export function createReplies(options: RepliesOptions): Replies {
  const { client, log, apiUrl = 'https://slack.com/api/' } = options;
  const { origin, host } = new URL(apiUrl);
  const slackOrigins = [origin, `https://hooks.${host}`];

  async function respond(place: Address, body: Record<string, unknown>): Promise<boolean> {
    if (place.responseUrl === undefined) return false;
    // It comes with the payload: called as it stands, it would lead us to any address inside our own network.
    if (!slackOrigins.includes(originOf(place.responseUrl))) {
      log.warn({ user: place.user }, 'a response_url that is not of Slack was not called');
      return false;
    }
    try {
      const answer = await fetch(place.responseUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(interactiveTimeoutMs),
        redirect: 'error',
      });
      await answer.body?.cancel();
      return answer.ok;
    } catch (error) {
      // The address is a secret of its own, and fetch may name it.
      log.warn({ cause: error instanceof Error ? error.name : 'unknown' }, 'a response_url did not answer');
      return false;
    }
  }

  async function ephemeral(place: Address, message: SlackMessage): Promise<boolean> {
    if (place.channel === undefined) return false;
    try {
      await client.chat.postEphemeral({ channel: place.channel, user: place.user, ...message });
      return true;
    } catch {
      // The bot is not in every channel in which people type; the direct message is left.
      return false;
    }
  }

  async function direct(place: Address, message: SlackMessage): Promise<boolean> {
    try {
      await client.chat.postMessage({ channel: place.user, ...message, unfurl_links: false });
      return true;
    } catch (error) {
      log.warn(
        { user: place.user, cause: slackErrorCode(error) ?? 'unknown' },
        'a person could not be answered',
      );
      return false;
    }
  }

  return {
    async privately(place, message, plainer) {
      for (const one of plainer ? [message, plainer] : [message]) {
        const body = { response_type: 'ephemeral', replace_original: false, ...one };
        if (await respond(place, body)) return;
        if (await ephemeral(place, one)) return;
      }
      await direct(place, plainer ?? message);
    },
    replace: (place, message) => respond(place, { replace_original: true, ...message }),
    toChannel: (place, message) =>
      respond(place, { response_type: 'in_channel', replace_original: false, ...message }),
  };
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}
