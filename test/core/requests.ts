/** Requests and people for tests. */
import type { Preview } from '../../src/core/action.ts';
import { fold } from '../../src/core/fold.ts';
import { personIdSchema, requestIdOf } from '../../src/core/ids.ts';
import type { Person, PersonKind, Standing } from '../../src/core/person.ts';
import type { PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import type { Requirement, Review, Verdict } from '../../src/core/verdict.ts';

export function person(name: string, more: { email?: string | undefined; kind?: PersonKind } = {}): Person {
  const { email = `${name}@acme.example`, kind = 'member' } = more;
  const known = 'email' in more && more.email === undefined ? {} : { email };
  return { id: personIdSchema.parse(`U0${name.toUpperCase()}`), name, kind, ...known };
}

export const dana = person('dana');
export const priya = person('priya');
export const max = person('max');
export const sam = person('sam');
export const lee = person('lee');

export function standing(who: Person, ...groups: string[]): Standing {
  return { person: who, groups };
}

export function standings(...all: Standing[]): ReadonlyMap<Person['id'], Standing> {
  return new Map(all.map((one) => [one.person.id, one]));
}

export function requirement(more: Partial<Requirement> = {}): Requirement {
  return {
    id: 'r',
    rule: 'r',
    count: 1,
    from: ['sre'],
    not: [],
    because: 'x',
    expiresAfterMs: 60_000,
    ...more,
  };
}

export function review(by: Person, more: Partial<Review> = {}): Review {
  const email = by.email === undefined ? {} : { email: by.email };
  return {
    by: by.id,
    name: by.name,
    groups: ['sre'],
    decision: 'approve',
    at: 0,
    digest: 'd1',
    ...email,
    ...more,
  };
}

export function verdict(outcome: Verdict['outcome'], more: Partial<Verdict> = {}): Verdict {
  return {
    outcome,
    reasons: [],
    requirements: outcome === 'require_approval' ? [requirement()] : [],
    warnings: [],
    shadows: [],
    policyVersion: 'p1',
    ...more,
  };
}

export const preview: Preview = { sentence: 'x', details: [], commits: [], resolved: {}, cautions: [] };

export const plan = [
  { id: 'namespace', title: 'Namespace' },
  { id: 'workload', title: 'Workload' },
];

export const requested: RequestEvent = {
  type: 'requested',
  at: 1_000,
  id: requestIdOf(12),
  action: 'environment.create',
  effect: 'create',
  input: {},
  target: { kind: 'environment', name: 'pr-12', tier: 'dev', team: 'checkout' },
  requester: dana,
  origin: { surface: 'command' },
  channel: 'requests',
};

export function evaluated(
  outcome: Verdict['outcome'],
  more: Partial<Verdict> = {},
  digest = 'd1',
): RequestEvent {
  return { type: 'evaluated', at: 2_000, verdict: verdict(outcome, more), preview, digest, plan };
}

/** The request after `requested` and these. */
export function requestAfter(...events: RequestEvent[]): PlatformRequest {
  return fold([requested, ...events]);
}

export const waiting = requestAfter(evaluated('require_approval'));
