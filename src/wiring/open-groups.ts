/** Where the catalog's groups are followed: Slack, GitHub and schedules, each asked in the background. */

import { type Catalog, emailOfLogin } from '../core/catalog.ts';
import type { GroupSource } from '../core/groups.ts';
import type { Clock, Log, Scheduler } from '../core/ports.ts';
import { type KeptMembers, keepMembers } from '../groups/keep-members.ts';
import { connectTeamMembers } from '../platforms/github/team-members.ts';
import { connectSchedules } from '../platforms/oncall/schedules.ts';
import type { AppSettings } from '../settings/app-settings.ts';

export interface GroupsEnvironment {
  readonly slackGroups: GroupSource;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** As it is written now. */
  catalog(): Catalog;
}

export function openGroups(
  { github, onCall = {} }: Pick<AppSettings, 'github' | 'onCall'>,
  environment: GroupsEnvironment,
): KeptMembers {
  const { slackGroups, clock, catalog } = environment;
  return keepMembers({
    ...environment,
    sources: {
      slack: slackGroups,
      github: connectTeamMembers({ ...github, now: () => clock.now() }, (login) =>
        emailOfLogin(catalog(), login),
      ),
      onCall: connectSchedules(onCall, (name) => catalog().schedules?.[name]),
    },
  });
}
