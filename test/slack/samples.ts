/** Requests in every state, plain and at the edge of every limit. */
import type { Preview } from '../../src/core/action.ts';
import { personIdSchema, requestIdOf } from '../../src/core/ids.ts';
import type { Person } from '../../src/core/person.ts';
import { problem } from '../../src/core/problem.ts';
import type { PlatformRequest, RequestStatus, RunStep } from '../../src/core/request.ts';
import type { Requirement, Review, Verdict } from '../../src/core/verdict.ts';

export const now = Date.parse('2026-11-21T09:00:00Z');

const digest = 'a'.repeat(64);

export function person(id: string, name: string): Person {
  return { id: personIdSchema.parse(id), name, kind: 'member', email: `${id.toLowerCase()}@acme.example` };
}
export const dana = person('U0DANA', 'Dana Fox');

export function review(by: Person, decision: Review['decision'], note?: string): Review {
  return {
    by: by.id,
    name: by.name,
    groups: ['sre'],
    decision,
    at: now,
    digest,
    ...(note === undefined ? {} : { note }),
  };
}

export const requirement: Requirement = {
  id: 'production.0',
  rule: 'production',
  count: 2,
  from: ['payments-team', 'sre'],
  not: ['requester'],
  because: 'production changes',
  expiresAfterMs: 3_600_000,
};

export const verdict: Verdict = {
  outcome: 'require_approval',
  reasons: [{ code: 'rule_requires', rule: 'production', text: 'production changes' }],
  requirements: [requirement],
  warnings: [],
  shadows: [],
  policyVersion: 'p1',
};

export const preview: Preview = {
  sentence: 'Brings payments v1.4.2 to production.',
  details: [{ label: 'Commit', value: 'abc1234' }],
  commits: [
    {
      sha: 'abc1234def',
      title: 'Round once, at the end',
      author: 'priya-nair',
      url: 'https://github.example/c/1',
    },
  ],
  compareUrl: 'https://github.example/compare/a...b',
  resolved: {},
  cautions: ['1 check is red: e2e.'],
};

const steps: RunStep[] = [
  {
    id: 'record',
    title: 'Record the deployment',
    state: 'done',
    attempts: 1,
    startedAt: now,
    endedAt: now + 2_000,
    progress: [],
  },
  {
    id: 'run',
    title: 'Run the workflow',
    state: 'running',
    attempts: 1,
    startedAt: now,
    progress: ['build: passed', 'migrate: running'],
  },
  { id: 'settle', title: 'Wait for the rollout', state: 'pending', attempts: 0, progress: [] },
];

/** One in this state, as plain as it comes. */
export function sample(status: RequestStatus, more: Partial<PlatformRequest> = {}): PlatformRequest {
  return {
    id: requestIdOf(12),
    version: 7,
    status,
    action: 'deploy',
    effect: 'change',
    input: { service: 'payments', version: 'v1.4.2', environment: 'production' },
    target: { kind: 'service', name: 'payments', tier: 'production', team: 'payments-team' },
    requester: dana,
    origin: { surface: 'command' },
    channel: 'deploys',
    isShown: true,
    createdAt: now,
    updatedAt: now,
    requirements: [requirement],
    reviews: [],
    moves: 0,
    steps: [],
    remains: [],
    ...(status === 'submitted' ? {} : { verdict, preview, digest, steps }),
    ...byStatus[status],
    ...more,
  };
}

const sam = person('U0SAM', 'Sam Okoye');
const byStatus: Readonly<Record<RequestStatus, Partial<PlatformRequest>>> = {
  submitted: {},
  waiting: { answerBy: now + 3_600_000, reviews: [review(sam, 'approve')] },
  held: {
    verdict: {
      ...verdict,
      outcome: 'hold',
      reasons: [{ code: 'rule_holds', rule: 'freeze', text: 'release freeze' }],
      hold: { window: 'release-freeze', until: now + 3_600_000 },
    },
  },
  approved: { approvedAt: now, approvedBecause: 'quorum', reviews: [review(sam, 'approve')] },
  running: { startedAt: now, approvedBecause: 'quorum', reviews: [review(sam, 'approve')] },
  undoing: { startedAt: now, undoCause: { kind: 'cancelled', by: dana } },
  succeeded: {
    startedAt: now,
    endedAt: now + 60_000,
    approvedBecause: 'policy',
    outputs: {
      links: [{ label: 'Run', url: 'https://github.example/run/1' }],
      notes: ['Details: `kubectl -n x get all`'],
    },
  },
  failed: {
    startedAt: now,
    endedAt: now + 60_000,
    problem: problem(
      'step_failed',
      'The job migrate failed: https://github.example/job/2',
      'Read its log, then ask again.',
    ),
    remains: ['Record the deployment'],
  },
  denied: { endedAt: now, deniedBy: 'reviewer', reviews: [review(sam, 'deny', 'Not today')] },
  cancelled: { endedAt: now, cancelledBy: dana },
  expired: { endedAt: now },
};

/** A token that somebody has typed where none belongs; made up. */
export const planted = 'xoxb-planted-1234567890';
const nasty = `${planted} <!channel> <@U0EVIL> *&* \`x\` <https://evil.example|click> \u202E\n`;

/** Text of a person or of the outside that means no good, of this length. */
export function hostile(length: number): string {
  return nasty.repeat(Math.ceil(length / nasty.length)).slice(0, length);
}

/** Everything as long, as many and as nasty as it can be. */
export function extreme(status: RequestStatus): PlatformRequest {
  const long = hostile;
  const many = <One>(count: number, one: (index: number) => One) =>
    Array.from({ length: count }, (_, index) => one(index));
  const people = many(30, (index) => person(`U0P${index}`, `${long(200)} ${index}`));
  const big: Requirement = {
    ...requirement,
    count: 20,
    from: many(30, (index) => `team-${index}-${'x'.repeat(55)}`),
    because: long(400),
  };
  const base = sample(status);
  return {
    ...base,
    version: 999_999_999,
    requester: { ...dana, name: long(300) },
    input: { service: 's'.repeat(60), version: long(300), environment: 'production' },
    target: { ...base.target, name: 's'.repeat(60) },
    reviews: [
      ...people.map((one) => ({
        ...review(one, 'approve'),
        ...{
          factor: 'code' as const,
          standsFor: people.map(({ id, name }) => ({ by: id, name, groups: [] })),
        },
      })),
      review(sam, 'request_changes', long(3000)),
      review(sam, 'deny', long(3000)),
    ],
    requirements: many(12, (index) => ({ ...big, id: `r${index}` })),
    moves: 3,
    moved: many(20, () => long(300)),
    lapsed: people.map((one) => review(one, 'approve')),
    narrowed: people.map((by) => ({
      ...{ by, at: now },
      changes: many(20, (index) => ({ field: `f${index}`, title: long(90), from: long(90), to: long(90) })),
    })),
    ...(base.verdict
      ? {
          verdict: {
            ...base.verdict,
            reasons: many(20, () => ({ code: 'rule_denies' as const, rule: long(200), text: long(500) })),
            requirements: [big],
            warnings: many(10, () => ({ code: 'rule_allows' as const, text: long(400) })),
          },
        }
      : {}),
    ...(base.preview
      ? {
          preview: {
            ...preview,
            sentence: long(2000),
            details: many(25, (index) => ({ label: `${long(200)}${index}`, value: long(3000) })),
            commits: many(250, (index) => ({
              sha: `${index}`.repeat(10),
              title: long(500),
              author: long(200),
              url: `https://x.example/${index}?a=1&b=2`,
            })),
            cautions: many(20, () => long(800)),
          },
        }
      : {}),
    steps: many(40, (index) => ({
      id: `s${index}`,
      title: long(300),
      state:
        (['done', 'running', 'failed', 'pending', 'undone', 'undo_failed'] as const)[index % 6] ?? 'done',
      attempts: 3,
      startedAt: now,
      endedAt: now,
      note: long(1000),
      progress: many(50, () => long(400)),
    })),
    remains: many(40, () => long(300)),
    ...(base.problem ? { problem: problem('step_failed', long(2000), long(2000)) } : {}),
    ...(base.outputs
      ? {
          outputs: {
            links: many(30, () => ({ label: long(200), url: 'https://x.example/y' })),
            notes: many(30, () => long(1000)),
          },
        }
      : {}),
  };
}
