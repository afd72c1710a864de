/** Slash commands: the line a person typed, the payload the app gets, and what its acknowledgement shows. */
import type { Outcome, PersonCommand, SlashCommandView } from '../../protocol.ts';
import type { SlackContext } from '../context.ts';
import { SlackError } from '../errors.ts';
import { respond } from '../hooks.ts';
import type { AppSpec } from '../manifest.ts';
import { addNotice, type UserRecord } from '../world.ts';
import { channelOf, escapeText } from './person.ts';
import { Refusal } from './refusal.ts';

/** Slack's own: an app that takes such a name never hears of it. */
const builtIn = new Set(
  '/active /apps /archive /away /call /collapse /dm /dnd /expand /feed /help /huddle /invite /join /kick /leave /me /msg /mute /open /prefs /remind /remove /rename /search /shortcuts /shrug /star /status /topic /who'.split(
    ' ',
  ),
);

export async function runSlashCommand(
  context: SlackContext,
  user: UserRecord,
  command: Extract<PersonCommand, { do: 'run' }>,
): Promise<Outcome> {
  const { world, app } = context;
  const channel = channelOf(context, user, command.channel);
  const [name = '', ...rest] = command.line.trim().split(/\s/);
  const text = command.line.trim().slice(name.length).trim();
  const refuse = (code: string, message: string) => {
    addNotice(world, user.id, message, channel.id);
    return new Refusal(code, message);
  };

  if (!name.startsWith('/')) throw new Refusal('not_a_command', 'A slash command begins with a slash.');
  if (builtIn.has(name))
    throw refuse('built_in', `${name} is one of Slack's own commands; the sandbox does not play it.`);
  const spec = app.commands.find((one) => one.command === name);
  if (!spec) throw refuse('not_found', `${name} is not a valid command.`);
  if (command.threadTs !== undefined)
    throw refuse('not_in_threads', `${name} is not supported in threads. Sorry!`);
  // Slack Connect: only the workspace that installed the app may use its commands.
  if (user.kind === 'outside')
    throw refuse('not_allowed', `${name} is not available: the app belongs to another workspace.`);
  if (channel.isArchived) throw refuse('is_archived', 'This channel is archived.');

  const ack = await context.courier.deliver({
    kind: 'slash_commands',
    type: 'slash_commands',
    command: name,
    acceptsResponse: true,
    payload: {
      token: 'sandbox-verification-token',
      team_id: world.seed.team.id,
      team_domain: world.seed.team.domain,
      channel_id: channel.id,
      channel_name:
        channel.kind === 'im' ? 'directmessage' : channel.kind === 'private' ? 'privategroup' : channel.name,
      user_id: user.id,
      user_name: user.name,
      command: name,
      text: rest.length > 0 && spec.shouldEscape ? escapeForCommand(context, text) : text,
      api_app_id: world.seed.app.id,
      is_enterprise_install: 'false',
      response_url:
        context.url() + context.hooks.issue({ kind: 'commands', user: user.id, channel: channel.id }),
      trigger_id: context.triggers.issue({ user: user.id, channel: channel.id, viewId: undefined }),
    },
  });
  if (!ack.ok) {
    const code = {
      timeout: 'operation_timeout',
      unreachable: 'dispatch_failed',
      http_error: 'dispatch_failed',
    }[ack.reason];
    throw refuse(code, `${name} failed with the error "${code}"`);
  }
  showAnswer(context, user, channel.id, name, ack.body);
  return { ok: true };
}

/** What the composer offers for a line that begins with a slash. */
export function completeSlashCommand(app: AppSpec, line: string): readonly SlashCommandView[] {
  const typed = line.trimStart().split(/\s/, 1)[0]?.toLowerCase() ?? '';
  if (!typed.startsWith('/')) return [];
  return app.commands
    .filter((one) => one.command.startsWith(typed))
    .map(({ command, description, usageHint }) => ({ command, description, usageHint }));
}

/** Typed people and channels carry their names in a command's text: `<@U0DANA|dana>`. */
function escapeForCommand(context: SlackContext, text: string): string {
  return escapeText(context, text).replace(
    /<@(U\w+)>/g,
    (_, id) => `<@${id}|${context.world.users.get(id)?.name ?? id}>`,
  );
}

function showAnswer(
  context: SlackContext,
  user: UserRecord,
  channel: string,
  name: string,
  body: unknown,
): void {
  const isNothing =
    body === undefined || body === '' || (typeof body === 'object' && Object.keys(body ?? {}).length === 0);
  if (isNothing) return;
  const answer = typeof body === 'string' ? { text: body } : (body as Record<string, unknown>);
  try {
    respond(context.world, { kind: 'commands', user: user.id, channel }, answer);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const message = `${name} failed with the error "invalid_command_response"`;
    addNotice(context.world, user.id, message, channel);
    throw new Refusal('invalid_command_response', message);
  }
}
