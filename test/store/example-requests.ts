/** Requests, verdicts and claims for the store's tests: small, valid, and the same every time. */
import type { Preview, Target } from '../../src/core/action.ts';
import type { RequestCommand } from '../../src/core/advance.ts';
import { type PersonId, personIdSchema, type RequestId } from '../../src/core/ids.ts';
import type { Person } from '../../src/core/person.ts';
import type { Notice } from '../../src/core/ports.ts';
import type { Refusal } from '../../src/core/refusal.ts';
import type { EventOf, PlannedStep, PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import type { Evaluation, Store } from '../../src/core/store.ts';
import type { Outcome, Quorum, Verdict } from '../../src/core/verdict.ts';

/** Monday 2026-11-16, 09:00 UTC. */
export const monday = Date.UTC(2026, 10, 16, 9);

export function personId(id: string): PersonId {
  return personIdSchema.parse(id);
}

export function person(name: string): Person {
  return {
    id: personId(`U${name.toUpperCase()}`),
    name,
    kind: 'member',
    email: `${name.toLowerCase()}@example.com`,
  };
}

const target: Target = { kind: 'service', name: 'payments', tier: 'production', team: 'payments' };

export function requested(id: RequestId, more: Partial<EventOf<'requested'>> = {}): EventOf<'requested'> {
  return {
    type: 'requested',
    at: monday,
    id,
    action: 'deploy',
    effect: 'change',
    input: { service: 'payments', version: 'v1.4.2' },
    target,
    requester: person('Ada'),
    origin: { surface: 'command', channel: 'C1' },
    channel: 'deploys',
    ...more,
  };
}

function verdict(outcome: Outcome): Verdict {
  return {
    outcome,
    reasons: [{ code: 'rule_requires', rule: 'production', text: 'production changes' }],
    requirements: [
      {
        id: 'production',
        rule: 'production',
        count: 2,
        from: ['sre'],
        not: ['requester'],
        because: 'production changes',
        expiresAfterMs: 3_600_000,
      },
    ],
    ...(outcome === 'hold' ? { hold: { window: 'weekend' } } : {}),
    warnings: [],
    shadows: [],
    policyVersion: 'p1',
  };
}

const preview: Preview = {
  sentence: 'Deploys payments v1.4.2 to production.',
  details: [{ label: 'Version', value: 'v1.4.2' }],
  commits: [],
  resolved: { version: 'abc' },
  cautions: [],
};

export const plan: readonly PlannedStep[] = [
  { id: 'record', title: 'Record' },
  { id: 'run', title: 'Run' },
];

export function evaluated(outcome: Outcome, at = monday): RequestEvent {
  return { type: 'evaluated', at, verdict: verdict(outcome), preview, digest: 'd1', plan };
}

export function judge(outcome: Outcome, moved: readonly string[] = []): RequestCommand {
  return {
    type: 'judge',
    verdict: verdict(outcome),
    preview,
    target,
    digest: moved.length > 0 ? 'd2' : 'd1',
    plan,
    moved,
    quorum: undefined,
  };
}

export function review(reviewer: Person, digest: string, state: Quorum['state'], at: number): RequestCommand {
  return {
    type: 'review',
    reviewer,
    review: {
      by: reviewer.id,
      name: reviewer.name,
      groups: ['sre'],
      decision: state === 'lost' ? 'deny' : 'approve',
      at,
      digest,
    },
    quorum: { state, parts: [] },
  };
}

export const evaluation: Evaluation = {
  stage: 'submit',
  at: monday,
  facts: { action: 'deploy', cost: { perHour: 0.5, perDay: 12 } },
  verdict: verdict('allow'),
};

export function noticeOf(requestId: RequestId, kind: Notice['kind'] = 'waiting'): Notice {
  return { key: `${requestId}:${kind}:1`, kind, requestId };
}

/** A request that somebody asked for, and nothing else. */
export async function submit(store: Store, key: string, more: Partial<EventOf<'requested'>> = {}) {
  return (await store.create(key, (id) => [requested(id, more)])).request;
}

/** Writes events on the request's newest version, and expects that to work. */
export async function write(
  store: Store,
  request: PlatformRequest,
  events: readonly RequestEvent[],
  notices: readonly Notice[] = [],
): Promise<PlatformRequest> {
  const outcome = await store.append({
    requestId: request.id,
    expectedVersion: request.version,
    events,
    notices,
  });
  if (outcome.outcome !== 'appended') throw new Error(`not appended: ${outcome.outcome}`);
  return outcome.request;
}

/** Somebody was refused at a door: what the audit holds beside events. */
export const refusedAtDoor: Refusal = {
  ...{ at: monday, door: '/env', code: 'busy', sentence: 'No.' },
  ...{ reference: 'r', times: 1 },
};
