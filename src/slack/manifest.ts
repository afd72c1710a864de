/** The app manifest, for socket and for http mode from one source: what an administrator pastes into Slack. Pure. */
import type { Action, Actions } from '../core/action.ts';
import { fit } from '../core/text.ts';
import { usageOf } from './help.ts';
import { maxOf } from './limits.ts';

/** The one command that is more than its actions: alone it lists, and with an id it shows. */
export const requestsCommand = '/requests';

/** The shortcut on a message that speaks of a service: an alert, mostly. */
export const alertShortcut = 'alert.status';

/** The path at which Bolt's HTTP receiver listens. */
export const slackPath = '/slack/events';

export type ManifestMode =
  | { readonly mode: 'socket' }
  /** `publicUrl`: where Slack reaches us, without a path. */
  | { readonly mode: 'http'; readonly publicUrl: string };

/** The least that works, each with the reason. */
export const botScopes = {
  commands: 'slash commands',
  'chat:write': 'cards, notices and private answers',
  'users:read': 'who somebody is: member, guest, outside, bot, deactivated',
  'users:read.email': 'the address that groups in the catalog are written with',
  'usergroups:read': 'who is in a user group that the catalog names',
  'channels:read': 'whether a channel is shared with another company, before a card goes there',
} as const;

/** Without these, less is shown. */
export const optionalBotScopes = {
  'groups:read': 'the same for a private channel',
  'channels:history':
    'whether a card whose posting Slack did not answer is there already: else it may be there twice',
  'groups:history': 'the same for a private channel',
  'files:write': 'charts, logs and exports as files, into the direct messages of whoever asked',
} as const;

/** What Slack tells by itself, each with the reason. */
export const botEvents = {
  app_home_opened: 'to draw the Home of whoever looks at theirs',
  channel_shared: 'to post nothing more where another company begins to read along',
  channel_unshared: 'the other way round',
  user_change:
    'to cancel what waits in the name of somebody who has left, and to know names and rights at once',
} as const;

export function manifestOf(actions: Actions, mode: ManifestMode): Record<string, unknown> {
  const url = mode.mode === 'http' ? new URL(slackPath, mode.publicUrl).href : undefined;
  const own = [...slashCommands(actions)].filter(([command]) => command !== requestsCommand);
  const commands = own.map(([command, group]) => ({
    command,
    description: description(group),
    usage_hint: fit(usageHint(command, group), maxOf('commandUsage')),
    should_escape: true,
    ...(url === undefined ? {} : { url }),
  }));
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: 'Greenlight',
      description: 'Self-service environments, deploys and approvals: you ask, policy gives the green light.',
      background_color: '#1d5c3f',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
      bot_user: { display_name: 'greenlight', always_online: true },
      shortcuts: [
        {
          name: 'Open service status',
          type: 'message',
          callback_id: alertShortcut,
          description: 'Find the service that an alert speaks of, and see how it is.',
        },
      ],
      slash_commands: [
        ...commands,
        {
          command: requestsCommand,
          description: 'Requests: yours, and those that wait for your answer.',
          usage_hint: '[REQ-12 | delegate <to> until … | undelegate | delegations | help]',
          should_escape: true,
          ...(url === undefined ? {} : { url }),
        },
      ],
    },
    oauth_config: {
      scopes: { bot: Object.keys(botScopes), bot_optional: Object.keys(optionalBotScopes) },
    },
    settings: {
      event_subscriptions: {
        bot_events: Object.keys(botEvents),
        ...(url === undefined ? {} : { request_url: url }),
      },
      interactivity: {
        is_enabled: true,
        ...(url === undefined ? {} : { request_url: url, message_menu_options_url: url }),
      },
      org_deploy_enabled: false,
      socket_mode_enabled: mode.mode === 'socket',
      token_rotation_enabled: false,
    },
  };
}

/** The slash commands that the actions bring, each with its actions, in the order of their names. */
export function slashCommands(actions: Actions): ReadonlyMap<string, readonly Action[]> {
  const bySlash = new Map<string, Action[]>();
  for (const action of actions.values()) {
    bySlash.set(action.command.slash, [...(bySlash.get(action.command.slash) ?? []), action]);
  }
  return new Map([...bySlash].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function description(group: readonly Action[]): string {
  return fit(group.map((action) => action.summary).join(' '), maxOf('commandDescription'));
}

/** Slack shows the command itself before the hint. */
function usageHint(command: string, group: readonly Action[]): string {
  return [...group.map((action) => usageOf(action).slice(command.length + 1)), 'help'].join(' | ');
}
