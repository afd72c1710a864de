/** Slack: whether our tokens count, in which workspace, and with which scopes. */
import { z } from 'zod';
import { listOf } from '../../core/text.ts';
import type { SlackConfig } from '../../settings/config.ts';
import { botScopes } from '../../slack/manifest.ts';
import { ask } from './ask.ts';
import { type Finding, failure, warning, well } from './finding.ts';
import { skewFinding } from './skew.ts';

const answerSchema = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  team_id: z.string().optional(),
  enterprise_id: z.string().nullish(),
});

export async function checkSlack(slack: SlackConfig, now: () => number): Promise<readonly Finding[]> {
  const { apiUrl, botToken, teamId, receiver } = slack;
  const found: Finding[] = [];
  const told = await ask(`${apiUrl}auth.test`, 'Slack', now, { token: botToken.reveal(), method: 'POST' });
  if (told.at !== undefined) found.push(skewFinding('Slack', told.at, told.askedAt));
  const { ok, error, team_id, enterprise_id } = read(told.text);
  if (!ok) {
    const next =
      'Copy the "Bot User OAuth Token" from "OAuth & Permissions" anew, and install the app if it was removed.';
    return [...found, failure('slack', `Slack refuses SLACK_BOT_TOKEN (${error ?? 'no reason'}).`, next)];
  }
  if (teamId !== team_id && teamId !== enterprise_id) {
    found.push(
      failure(
        'slack',
        `SLACK_BOT_TOKEN is of the workspace ${team_id}, not of ${teamId}.`,
        'Compare it with SLACK_TEAM_ID.',
      ),
    );
  } else {
    found.push(well('slack', `Slack knows our token, of the workspace ${team_id}.`));
  }
  found.push(...scopeFindings(told.header('x-oauth-scopes')));
  if (receiver.mode === 'socket') {
    const opened = await ask(`${apiUrl}apps.connections.open`, 'Slack', now, {
      token: receiver.appToken.reveal(),
      method: 'POST',
    });
    const { ok: isOpen, error: why } = read(opened.text);
    if (!isOpen) {
      const next = 'Make an app-level token with the scope connections:write under "Basic Information".';
      found.push(failure('slack', `Slack refuses SLACK_APP_TOKEN (${why ?? 'no reason'}).`, next));
    }
  }
  return found;
}

function read(text: string): z.infer<typeof answerSchema> {
  try {
    return answerSchema.parse(JSON.parse(text));
  } catch {
    return { ok: false, error: 'the answer is not one of Slack' };
  }
}

function scopeFindings(header: string | undefined): Finding[] {
  if (header === undefined) return [];
  const given = new Set(header.split(',').map((scope) => scope.trim()));
  const missing = Object.keys(botScopes).filter((scope) => !given.has(scope));
  if (missing.length === 0) return [well('slack', 'All scopes that it takes are given.')];
  const next = 'Give the app the manifest of this version (`greenlight manifest`), and install it anew.';
  return [warning('slack', `Scopes are missing: ${listOf(missing)}.`, next)];
}
