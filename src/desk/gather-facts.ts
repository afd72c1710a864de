/** Everything an evaluation may look at, gathered before it: what cannot be had is named as unknown, never guessed. */
import { timeFacts } from '../approvals/windows.ts';
import { windowsNow } from '../approvals/windows-now.ts';
import type { Action, Preview, Target } from '../core/action.ts';
import { isOnCall, labelsOf, managerOf } from '../core/catalog.ts';
import { dayMs, hourMs } from '../core/duration.ts';
import {
  type ChangeFacts,
  type EnvironmentFacts,
  type Facts,
  noChange,
  noLock,
  nothingSpecial,
} from '../core/facts.ts';
import type { Bypass } from '../core/glass.ts';
import type { Moment, RequestId } from '../core/ids.ts';
import type { Person } from '../core/person.ts';
import type { SeenChange } from '../core/preview.ts';
import type { PlatformRequest } from '../core/request.ts';
import { comingRequests, type DeskContext, environmentRecords, livingRequests } from './context.ts';
import { countLimits } from './count-limits.ts';
import { debtsOf } from './glass.ts';
import { lockFacts } from './locks.ts';
import { standingOf } from './standing.ts';

export interface Subject {
  readonly actionName: string;
  readonly action: Action;
  readonly input: Readonly<Record<string, unknown>>;
  readonly target: Target;
  readonly requester: Person;
  /** When it may begin at the earliest. */
  readonly notBefore?: Moment;
  /** With what the requester asks not to wait. */
  readonly bypass?: Bypass;
  /** The end of the environment that it takes away because of that. */
  readonly end?: Moment;
  /** What was resolved when people were asked about it. */
  readonly agreed?: Preview['resolved'];
  /** The request itself is not counted among what its requester has asked for. */
  readonly id?: RequestId;
  /** Since when it may run; not yet while it waits. */
  readonly approvedAt?: Moment;
}

export async function gatherFacts(
  context: DeskContext,
  subject: Subject,
  preview: Pick<Preview, 'change' | 'cost' | 'addedHours'>,
): Promise<Facts> {
  const { requester, target } = subject;
  const catalog = context.catalog();
  const now = context.clock.now();
  const { groups, unknownGroups } = standingOf(context, requester);
  const { change = noChange, cost = noCost, addedHours = 0 } = preview;
  const lock = await lockFacts(context, subject);
  const policy = context.policy();
  const counted = await countLimits(context, policy, subject, { cost, addedHours });
  return {
    action: subject.actionName,
    effect: subject.action.effect,
    requester: {
      id: requester.id,
      kind: requester.kind,
      email: requester.email ?? '',
      groups: groups === 'unknown' ? [] : [...groups],
      onCall: isOnCall(catalog, requester.email),
      manager: managerOf(catalog, requester.email),
    },
    input: { ...subject.input },
    target: { kind: target.kind, name: target.name, tier: target.tier, team: target.team },
    service: { name: target.service?.name ?? '', owners: [...(target.service?.owners ?? [])] },
    labels: labelsOf(catalog, target),
    bypass: subject.bypass
      ? { kind: subject.bypass.kind, reason: subject.bypass.reason }
      : nothingSpecial.bypass,
    ...(subject.bypass ? { debts: [...(await debtsOf(context, requester, subject.id))] } : {}),
    limits: { ...counted.limits },
    environment: { ...(await environmentFacts(context, subject, now)), addedHours },
    change: changeFacts(change),
    cost: cost === 'unknown' ? noCost : cost,
    usage: await usageOf(context, subject, now),
    lock: lock === 'unknown' ? noLock : lock,
    windows: windowsNow(policy, now).map((window) => window.name),
    time: timeFacts(catalog.zone, now),
    unknown: [
      ...(groups === 'unknown' || unknownGroups ? ['requester.groups'] : []),
      ...(catalog.isOnCallUnknown ? ['requester.onCall'] : []),
      ...unknownOf(change),
      ...(cost === 'unknown' ? ['cost'] : []),
      ...(lock === 'unknown' ? ['lock'] : []),
      ...counted.unknown,
    ],
    ...(unknownGroups
      ? {
          mayBeIn: Object.keys(unknownGroups),
          doubts: { 'requester.groups': Object.values(unknownGroups).join('; ') },
        }
      : {}),
  };
}

/** One part of a set, as if it had been asked for by itself. */
export interface PartFacts {
  readonly name: string;
  readonly facts: Facts;
}

/** None for what is about one thing only. */
export function factsOfParts(facts: Facts, { parts = [] }: Pick<Preview, 'parts'>): readonly PartFacts[] {
  return parts.map(({ target, change }) => ({
    name: target.service?.name ?? target.name,
    facts: {
      ...facts,
      target: { kind: target.kind, name: target.name, tier: target.tier, team: target.team },
      service: { name: target.service?.name ?? '', owners: [...(target.service?.owners ?? [])] },
      change: changeFacts(change),
      unknown: [...facts.unknown.filter((path) => !path.startsWith('change')), ...unknownOf(change)],
    },
  }));
}

function changeFacts(change: SeenChange | 'unknown'): ChangeFacts {
  if (change === 'unknown') return noChange;
  return { ...change, authors: change.authors === 'unknown' ? [] : [...change.authors] };
}

/** What it says of people is unknown when not all of them are: its size and checks are not. */
function unknownOf(change: SeenChange | 'unknown'): readonly string[] {
  if (change === 'unknown') return ['change'];
  return change.authors === 'unknown' ? ['change.authors', 'change.strangers'] : [];
}

const noCost = { perHour: 0, perDay: 0 };
const noLife = {
  ageHours: 0,
  hoursLeft: 0,
  timesExtended: 0,
  extendedHours: 0,
  idleHours: 0,
  isAsleep: false,
};

async function environmentFacts(
  context: DeskContext,
  { action, target }: Subject,
  now: Moment,
): Promise<Omit<EnvironmentFacts, 'addedHours'>> {
  // What is yet to be made has no history.
  const mayLive = target.kind === 'environment' && action.effect !== 'create';
  const records = mayLive ? await environmentRecords(context.store) : [];
  const found = records.find(({ living }) => living?.name === target.name);
  if (!found?.living) return noLife;
  const hours = (ms: number) => Math.max(0, ms) / hourMs;
  return {
    ageHours: hours(now - found.since),
    hoursLeft: hours(found.living.expiresAt - now),
    timesExtended: found.extensions.length,
    extendedHours: hours(found.extensions.reduce((sum, { from, until }) => sum + until - from, 0)),
    idleHours: hours(now - found.life.usedAt),
    isAsleep: found.life.sleep !== undefined,
  };
}

/** A person who asks more often than this in a day is counted as having asked this often. */
const countedRequestsMax = 1_000;

async function usageOf(context: DeskContext, subject: Subject, now: Moment): Promise<Facts['usage']> {
  const { store } = context;
  const isOther = (request: PlatformRequest) => request.id !== subject.id;
  const [asked, living, coming] = await Promise.all([
    store.list({ requester: subject.requester.id, since: now - dayMs, limit: countedRequestsMax }),
    livingRequests(store),
    // What is on its way counts too, or ten requests in one second would all find room.
    comingRequests(store, ['approved', 'running']),
  ]);
  const others = asked.filter(isOther);
  return {
    environmentsAlive: [...living, ...coming].filter(
      (request) => isOther(request) && request.target.team === subject.target.team,
    ).length,
    requestsLastHour: others.filter((request) => now - request.createdAt < hourMs).length,
    requestsLastDay: others.length,
  };
}
