/** The workspace as the bot asks it: who we are there, its people and groups, and where something may be said. */

import type { GroupSource } from '../core/groups.ts';
import type { Clock, Log } from '../core/ports.ts';
import type { AppSettings } from '../settings/app-settings.ts';
import type { SlackMessage } from '../slack/blocks.ts';
import { type ChannelGuard, createChannelGuard } from '../slack/channels.ts';
import { createClients, type SlackClients } from '../slack/clients.ts';
import { createDirectory, type SlackDirectory } from '../slack/directory.ts';
import { readIdentity, type SlackIdentity } from '../slack/identity.ts';
import { postTo } from '../slack/post.ts';
import { createUserGroups } from '../slack/user-groups.ts';

export interface OpenSlack extends SlackClients {
  readonly identity: SlackIdentity;
  readonly directory: SlackDirectory;
  readonly groups: GroupSource;
  readonly guard: ChannelGuard;
  /** @throws ProblemError when it did not go out. */
  post(channel: string, message: SlackMessage): Promise<void>;
}

/** @throws ProblemError when the token is none, or is another workspace's. */
export async function openSlack(
  { botToken, apiUrl, teamId, allowedSharedChannels }: AppSettings['slack'],
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<OpenSlack> {
  const clients = createClients({ token: botToken, ...(apiUrl === undefined ? {} : { apiUrl }), log });
  const { interactive, background: client } = clients;
  const identity = await readIdentity(interactive, teamId);
  const directory = createDirectory({ client: interactive, teamIds: identity.teamIds, clock });
  const guard = createChannelGuard({ client, clock, allowedSharedChannels });
  return {
    ...clients,
    identity,
    directory,
    groups: createUserGroups(client, directory),
    guard,
    async post(channel, message) {
      await postTo({ client, guard }, channel, message);
    },
  };
}
