/** What the desk works with: ports, the files that are in force now, and the actions. */
import type { Policy } from '../approvals/policy.ts';
import type { Actions, KnownEnvironment, ReadContext, TargetContext } from '../core/action.ts';
import type { Catalog } from '../core/catalog.ts';
import type { Codes } from '../core/codes.ts';
import { hourMs } from '../core/duration.ts';
import { type EnvironmentRecord, environmentRecord, makers } from '../core/environment-record.ts';
import type { Outside } from '../core/outside.ts';
import type { Person } from '../core/person.ts';
import type { Clock, Directory, Log } from '../core/ports.ts';
import type { Result } from '../core/problem.ts';
import { openStatuses, type PlatformRequest, type RequestStatus } from '../core/request.ts';
import type { Store } from '../core/store.ts';
import { guardrailsFor } from './guardrails.ts';
import { memberNamed, standingOf } from './standing.ts';

export interface DeskContext {
  readonly store: Store;
  readonly directory: Directory;
  readonly outside: Outside;
  readonly codes: Codes;
  readonly clock: Clock;
  readonly log: Log;
  readonly actions: Actions;
  /** The last good version of each file; a bad edit never gets here. */
  catalog(): Catalog;
  policy(): Policy;
  /** A whole command line, as somebody would type it: which action it asks for, and with what. */
  readLine(
    line: string,
  ): Result<{ readonly action: string; readonly input: Readonly<Record<string, unknown>> }>;
  /** Called after every change, so that runner and outbox look at once. */
  changed(): void;
}

/** More open environments than this are an accident, not a workload. */
const environmentsMax = 10_000;

/** What Greenlight made and has not taken away: the fold of the requests that made them. */
export async function livingEnvironments(store: Store): Promise<readonly KnownEnvironment[]> {
  return (await livingRequests(store)).flatMap(({ outputs }) => outputs?.environment ?? []);
}

/** The living ones with their history, then those on their way. */
export async function environmentRecords(store: Store): Promise<readonly EnvironmentRecord[]> {
  // One after the other: what gets ready in between is found twice rather than not at all.
  const coming = await comingRequests(store, openStatuses);
  const living = await livingRequests(store);
  const ready = new Set(living.map(({ id }) => id));
  return [...living, ...coming.filter(({ id }) => !ready.has(id))].map(environmentRecord);
}

/** Those that made what is still there, whichever action made it. */
export function livingRequests(store: Store): Promise<readonly PlatformRequest[]> {
  return store.list({ hasLivingEnvironment: true, limit: environmentsMax });
}

/** Those that are about to make one. */
export async function comingRequests(
  store: Store,
  statuses: readonly RequestStatus[],
): Promise<readonly PlatformRequest[]> {
  const open = await store.list({ statuses, actions: makers, limit: environmentsMax });
  return open.filter(({ effect, target }) => effect === 'create' && target.kind === 'environment');
}

/** What a target is found with. */
export async function targetContext(context: DeskContext, requester: Person): Promise<TargetContext> {
  const { groups } = standingOf(context, requester);
  return {
    catalog: context.catalog(),
    requesterGroups: groups === 'unknown' ? [] : groups,
    environments: await livingEnvironments(context.store),
    now: context.clock.now(),
  };
}

export function readContext(context: DeskContext, requester: Person): ReadContext {
  const { store } = context;
  return {
    ...context.outside,
    codes: context.codes,
    catalog: context.catalog(),
    requester,
    now: context.clock.now(),
    environments: () => livingEnvironments(store),
    environmentRecords: () => environmentRecords(store),
    locks: () => store.locks(),
    delegations: () => store.delegations(context.clock.now()),
    member: (named) => memberNamed(context.directory, named),
    requests: (query) => store.list(query),
    history: (id) => store.history(id),
    guardrails: guardrailsFor(context, requester),
    nameOf: async (email) => {
      // To be read by people, not to decide by.
      const person = await context.directory.personByEmail(email, hourMs).catch(() => undefined);
      return person?.name ?? email;
    },
  };
}

/** `REQ-12-m3k9x1f`: the id alone repeats when a store begins anew, and the outside remembers longer than that. */
export function requestKey(request: PlatformRequest): string {
  return `${request.id}-${request.createdAt.toString(36)}`;
}
