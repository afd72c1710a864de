/** A message to a channel, once it is certain that everybody there may read it. */
import type { WebClient } from '@slack/web-api';
import { ProblemError } from '../core/problem.ts';
import type { SlackMessage } from './blocks.ts';
import type { ChannelGuard } from './channels.ts';
import { slackProblem } from './errors.ts';
import { withoutSecrets } from './without-secrets.ts';

/** @throws ProblemError when the channel is shared with others, or Slack does not take it. */
export async function postTo(
  { client, guard }: { readonly client: WebClient; readonly guard: ChannelGuard },
  channel: string,
  message: SlackMessage,
): Promise<void> {
  const refusal = await guard.refusal(channel);
  if (refusal) throw new ProblemError(refusal);
  try {
    await client.chat.postMessage({
      channel,
      ...withoutSecrets(message),
      unfurl_links: false,
      unfurl_media: false,
    });
  } catch (error) {
    throw slackProblem(error, 'chat.postMessage');
  }
}
