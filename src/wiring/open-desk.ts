/** The desk, with what it decides by: who is in which group now, and second factors. */
import { createCodes } from '../codes/create-codes.ts';
import { readKeys } from '../codes/sealing.ts';
import type { DeskContext } from '../desk/context.ts';
import { createDesk } from '../desk/create-desk.ts';
import type { Desk } from '../desk/desk.ts';
import { readCommandLine } from '../handlers/read-command-line.ts';
import { tellAlone } from '../slack/tell-alone.ts';
import type { Foundation } from './open-foundation.ts';
import { openGroups } from './open-groups.ts';
import type { OpenSlack } from './open-slack.ts';
import type { Opening } from './opening.ts';

export interface OpenDesk {
  readonly desk: Desk;
  readonly context: DeskContext;
}

/** Resolves when every group's members were asked for once. @param changed see `DeskContext`. */
export async function openDesk(
  { settings, environment, end }: Opening,
  { actions, documents, outside, store }: Foundation,
  { background, directory, groups: slackGroups }: OpenSlack,
  changed: () => void,
): Promise<OpenDesk> {
  const { clock, log } = environment;
  const members = openGroups(settings, { ...environment, slackGroups, catalog: documents.catalog });
  end.add('parts', 'groups', () => members.close());
  await members.look();
  const codes = createCodes({
    ...{ store, clock, log, keys: readKeys(settings.secretsKey ?? '') ?? new Map() },
    tell: (person, text) => tellAlone(background, person, text),
  });
  const context: DeskContext = {
    ...{ store, directory, outside, codes, clock, log, actions, changed },
    catalog: members.catalog,
    policy: documents.policy,
    readLine: (line) => readCommandLine(line, actions, documents.catalog()),
  };
  return { desk: createDesk(context), context };
}
