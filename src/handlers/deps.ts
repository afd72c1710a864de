/** What every handler works with, and the first and last step of each: who is asking, and why not. */
import type { Action, Actions } from '../core/action.ts';
import type { Codes } from '../core/codes.ts';
import type { MentionedService } from '../core/mentioned-service.ts';
import type { Person, PersonKind } from '../core/person.ts';
import type { Chance, Directory, Log } from '../core/ports.ts';
import { ok, type Problem, problem, problemFrom, type Result, refuse } from '../core/problem.ts';
import type { Desk } from '../desk/desk.ts';
import type { CardContext } from '../slack/cards.ts';
import type { ChannelGuard } from '../slack/channels.ts';
import type { SlackClient } from '../slack/clients.ts';
import type { SlackDirectory } from '../slack/directory.ts';
import type { FileSender } from '../slack/files.ts';
import type { Homes } from '../slack/homes.ts';
import { problemMessage } from '../slack/notices.ts';
import type { StrayCards } from '../slack/stray-cards.ts';
import type { Watches } from '../slack/watches.ts';
import type { Ingress } from './ingress.ts';
import type { NamedAction } from './parse-command.ts';
import { type Place, personIdOf } from './payload.ts';
import type { Replies } from './replies.ts';
import type { Attempt, Trail } from './trail.ts';

export interface HandlerDeps {
  readonly desk: Desk;
  readonly actions: Actions;
  readonly directory: SlackDirectory;
  readonly codes: Pick<Codes, 'begin' | 'confirm'>;
  readonly cards: CardContext;
  /** Where cards go, to say so: channel ids. */
  readonly channels: Readonly<Record<'requests' | 'deploys', string>>;
  /** The id of the channel that hears of emergencies. */
  readonly alerts: string;
  /** The interactive client: no retries, fails within a trigger's life. */
  readonly client: SlackClient;
  readonly guard: ChannelGuard;
  readonly replies: Replies;
  readonly watches: Watches;
  readonly homes: Homes;
  readonly strays: Pick<StrayCards, 'met'>;
  /** Which services of the catalog a text speaks of. */
  mentioned(text: string): readonly MentionedService[];
  readonly files: FileSender;
  /** Where each refusal is kept. */
  readonly trail: Trail;
  readonly log: Log;
  readonly chance: Chance;
  /** Whether so much comes at once that what can be told later is. */
  readonly rush: Ingress['rush'];
}

/** Who it is, if they may use Greenlight at all: asked at every door, of the directory and never of the payload. */
export async function admit(
  deps: { readonly directory: Directory },
  place: Pick<Place, 'user'>,
): Promise<Result<Person>> {
  try {
    const person = await deps.directory.person(personIdOf(place));
    const refusal = refusals[person.kind];
    return refusal
      ? refuse(problem('not_a_member', refusal.sentence, refusal.next, { detail: person.id }))
      : ok(person);
  } catch (error) {
    return refuse(problemFrom(error));
  }
}

const refusals: Readonly<Record<PersonKind, { sentence: string; next: string } | undefined>> = {
  member: undefined,
  system: undefined,
  guest: {
    sentence: 'Guests of this workspace cannot use Greenlight.',
    next: 'Ask a full member to do it, or an administrator to make you one.',
  },
  outside: {
    sentence: 'Greenlight answers only to members of the company that runs it.',
    next: 'Ask one of them in this channel.',
  },
  bot: { sentence: 'Greenlight takes no requests from bots.', next: 'Let a person ask.' },
  deactivated: {
    sentence: 'This account is deactivated.',
    next: 'Ask an administrator of the workspace.',
  },
};

/** Says it to the person, with a reference under which the operator's log has the cause. */
export async function tellProblem(deps: HandlerDeps, place: Place, cause: Problem): Promise<void> {
  const reference = deps.trail.refused(attemptAt(place), cause);
  await deps.replies.privately(place, problemMessage(cause, reference));
}

export function attemptAt({ door, user, about }: Place): Attempt {
  return { door, by: user, about };
}

/** The actions of `group` that this person may ask for, with their names. */
export function permitted(deps: HandlerDeps, person: Person, group: readonly Action[]): NamedAction[] {
  const names = new Set(deps.desk.permittedActions(person));
  return [...deps.actions]
    .filter(([name, action]) => names.has(name) && group.includes(action))
    .map(([name, action]) => ({ name, action }));
}

/** The value if it comes in time, `undefined` otherwise; it may still come later for whoever waits on. */
export async function withinMs<Value>(work: Promise<Value>, ms: number): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
