/** Who we are at Slack: asked once at the start, so that a wrong token is a clear error then and not at the first click. */
import { z } from 'zod';
import type { SlackClient } from './clients.ts';
import { slackProblem } from './errors.ts';

export interface SlackIdentity {
  /** The workspace, and the organisation when there is one: whose payloads we take. */
  readonly teamIds: readonly string[];
  readonly botUserId: string;
  readonly botId: string;
  /** Payloads for another app are not ours. `undefined` when Slack does not tell. */
  readonly appId: string | undefined;
}

const authSchema = z.object({
  team_id: z.string(),
  enterprise_id: z.string().optional(),
  user_id: z.string(),
  bot_id: z.string(),
});

/** @throws ProblemError with what to do about it, in its `next`. */
export async function readIdentity(client: SlackClient): Promise<SlackIdentity> {
  try {
    const auth = authSchema.parse(await client.auth.test());
    const { bot } = await client.bots.info({ bot: auth.bot_id });
    return {
      teamIds: [auth.team_id, ...(auth.enterprise_id === undefined ? [] : [auth.enterprise_id])],
      botUserId: auth.user_id,
      botId: auth.bot_id,
      appId: bot?.app_id,
    };
  } catch (error) {
    throw slackProblem(error, 'auth.test');
  }
}
