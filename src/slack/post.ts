/** A message on its way to Slack, without anything secret; and once it is certain that everybody there may read it. */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { ProblemError } from '../core/problem.ts';
import type { SlackMessage } from './blocks.ts';
import type { ChannelGuard } from './channels.ts';
import { slackProblem } from './errors.ts';
import type { Mark } from './lost-message.ts';
import { withoutSecrets } from './without-secrets.ts';

export type MarkedMessage = SlackMessage & { readonly metadata?: Mark };

/** @throws ProblemError when the channel is shared with others, or Slack does not take it. */
export async function postTo(
  { client, guard }: { readonly client: WebClient; readonly guard: ChannelGuard },
  channel: string,
  message: SlackMessage,
): Promise<void> {
  const refusal = await guard.refusal(channel);
  if (refusal) throw new ProblemError(refusal);
  await post(client, channel, message);
}

/**
 * Who may read it has been asked before.
 * @returns its timestamp, which names it from then on.
 * @throws ProblemError when Slack does not take it.
 */
export async function post(
  client: WebClient,
  channel: string,
  message: MarkedMessage,
  thread?: string,
): Promise<string> {
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
