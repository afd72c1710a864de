/** Who we are at Slack: asked once at the start, so that a wrong token is a clear error then and not at the first click. */
import { z } from 'zod';
import { type Problem, ProblemError, problem } from '../core/problem.ts';
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

/**
 * `expected`: the workspace that it must be; any when not given.
 * @throws ProblemError with what to do about it, in its `next`.
 */
export async function readIdentity(client: SlackClient, expected?: string): Promise<SlackIdentity> {
  const identity = await askWhoWeAre(client);
  if (expected === undefined || identity.teamIds.includes(expected)) return identity;
  throw new ProblemError(wrongWorkspace(expected));
}

async function askWhoWeAre(client: SlackClient): Promise<SlackIdentity> {
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

/** A token of another workspace would ask its people, and answer them. */
function wrongWorkspace(expected: string): Problem {
  return problem(
    'bad_input',
    `The Slack token does not belong to the workspace ${expected}.`,
    'Compare SLACK_BOT_TOKEN and SLACK_TEAM_ID.',
  );
}
