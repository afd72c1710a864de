/** A message of one's own: in the direct messages with Greenlight, on every device of that person. */
import type { PersonId } from '../core/ids.ts';
import { linked, section } from './blocks.ts';
import type { SlackClient } from './clients.ts';
import { slackProblem } from './errors.ts';

/** @throws ProblemError when Slack does not take it. */
export async function tellAlone(client: SlackClient, person: PersonId, text: string): Promise<void> {
  try {
    await client.chat.postMessage({
      ...{ channel: person, text: linked(text), blocks: [section(linked(text))] },
      unfurl_links: false,
    });
  } catch (error) {
    throw slackProblem(error, 'chat.postMessage');
  }
}
