/**
 * The catalog with the people whom other systems know to be in its groups. They are asked in the background, again and
 * again: nobody who decides something waits for them. What they said last holds for a while when they are away.
 */
import type { Catalog } from '../core/catalog.ts';
import { hourMs, minuteMs } from '../core/duration.ts';
import {
  type GroupSource,
  type GroupSourceKind,
  type KnownMembers,
  type ResolvedGroups,
  resolveGroups,
  type SourceRef,
  sourceKey,
  sourceRefs,
} from '../core/groups.ts';
import type { Moment } from '../core/ids.ts';
import type { Clock, Log, Scheduler } from '../core/ports.ts';
import { ProblemError, problem, problemFrom } from '../core/problem.ts';

/** Somebody who leaves a group counts there this much longer at most, while its system answers. */
export const refreshMs = 5 * minuteMs;
/** And this much when it does not: after that nobody knows who is in the group. */
export const staleMs = hourMs;

/** A group of everybody is none that a yes should come from, and each of its people costs a call to Slack. */
export const membersMax = 2_000;

/** Whoever has not answered by then is asked anew. */
const giveUpMs = 3 * refreshMs;

export interface MembersOptions {
  catalog(): Catalog;
  readonly sources: Readonly<Record<GroupSourceKind, GroupSource>>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
}

export interface KeptMembers {
  catalog(): Catalog;
  /** Asks every source once. */
  look(): Promise<void>;
  close(): void;
}

/** Asks nobody before the first `look`; until then every group from elsewhere is unknown. */
export function keepMembers(options: MembersOptions): KeptMembers {
  const { sources, clock, scheduler, log } = options;
  const known = new Map<string, KnownMembers>();
  /** Since when each is being asked. */
  const asking = new Map<string, Moment>();
  let isClosed = false;
  let timer: { cancel(): void } | undefined;
  /** By which `known` was answered. */
  let schedules = options.catalog().schedules;
  let memo: { readonly of: Catalog['groups']; readonly resolved: ResolvedGroups } | undefined;

  /** A schedule that says something else now is another one, whatever its name: nobody of the old one counts, and it is asked at once. */
  function forgetOthers(now: Catalog['schedules']): void {
    if (now === schedules) return;
    const others = Object.keys(schedules ?? {})
      .filter((name) => !isSame(schedules?.[name], now?.[name]))
      .map((name) => sourceKey('onCall', name))
      .filter((key) => known.has(key) || asking.has(key));
    schedules = now;
    if (others.length === 0) return;
    for (const key of others) {
      known.delete(key);
      asking.delete(key);
    }
    memo = undefined;
    if (!isClosed) void look();
  }

  function resolved(groups: Catalog['groups']): ResolvedGroups {
    if (memo?.of === groups && clock.now() < memo.resolved.until) return memo.resolved;
    memo = { of: groups, resolved: resolveGroups(groups, known, clock.now(), staleMs) };
    return memo.resolved;
  }

  async function ask({ kind, ref }: SourceRef): Promise<void> {
    const key = sourceKey(kind, ref);
    const askedAt = clock.now();
    const pending = asking.get(key);
    if (pending !== undefined && askedAt - pending < giveUpMs) return;
    asking.set(key, askedAt);
    const { schedules: asked } = options.catalog();
    try {
      const members = await sources[kind].members(ref);
      if (members.length > membersMax) throw tooLarge(ref);
      // As old as the question: what it was asked since has been answered by somebody who knew more.
      const { schedules: now } = options.catalog();
      forgetOthers(now);
      const isOther = kind === 'onCall' && !isSame(asked?.[ref], now?.[ref]);
      if (!isOther && (known.get(key)?.at ?? 0) <= askedAt) known.set(key, { members, at: askedAt });
      memo = undefined;
    } catch (error) {
      log.warn({ source: kind, group: ref, problem: problemFrom(error) }, 'members could not be asked for');
    }
    if (asking.get(key) === askedAt) asking.delete(key);
  }

  async function look(): Promise<void> {
    timer?.cancel();
    // Before anybody has answered: who is slow keeps nobody else from being asked again.
    if (!isClosed) timer = scheduler.after(refreshMs, () => void look());
    const catalog = options.catalog();
    forgetOthers(catalog.schedules);
    const refs = new Map(wanted(catalog).map((one) => [sourceKey(one.kind, one.ref), one]));
    for (const key of known.keys()) if (!refs.has(key)) known.delete(key);
    await Promise.all([...refs.values()].map(ask));
  }

  return {
    catalog() {
      const catalog = options.catalog();
      forgetOthers(catalog.schedules);
      const { groups, unknown } = resolved(catalog.groups);
      const onCall = onCallNow(catalog, known, clock.now());
      return {
        ...catalog,
        groups,
        unknownGroups: unknown,
        onCall: onCall.members,
        isOnCallUnknown: onCall.isUnknown,
      };
    },
    look,
    close() {
      isClosed = true;
      timer?.cancel();
    },
  };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function wanted({ groups, onCallFrom = [] }: Catalog): SourceRef[] {
  return [
    ...Object.values(groups).flatMap(sourceRefs),
    ...onCallFrom.map((ref) => ({ kind: 'onCall', ref }) as const),
  ];
}

/** Those named in the catalog, and whoever the schedules say. */
function onCallNow(
  { onCall, onCallFrom = [] }: Catalog,
  known: ReadonlyMap<string, KnownMembers>,
  now: number,
): { members: string[]; isUnknown: boolean } {
  const said = onCallFrom.map((ref) => known.get(sourceKey('onCall', ref)));
  const fresh = said.flatMap((one) => (one && now - one.at <= staleMs ? [one] : []));
  return {
    members: [...new Set([...onCall, ...fresh.flatMap(({ members }) => members)])],
    isUnknown: fresh.length < said.length,
  };
}

function tooLarge(ref: string): ProblemError {
  return new ProblemError(
    problem(
      'outside_refused',
      `${ref} has more than ${membersMax} members.`,
      'Name a smaller group in the catalog.',
    ),
  );
}
