/**
 * The independent model: it follows what was written and what took effect, and says after every step which promise was
 * broken. It is written from the rules, and calls nothing of what decides in the product.
 */
import type { Kysely } from 'kysely';
import type { CodeUse } from '../../../src/core/codes.ts';
import type { RequestId } from '../../../src/core/ids.ts';
import type { Person } from '../../../src/core/person.ts';
import type { PlatformRequest, RequestEvent } from '../../../src/core/request.ts';
import type { AppendOutcome, Change, Claim } from '../../../src/core/store.ts';
import type { Review } from '../../../src/core/verdict.ts';
import type { Database } from '../../../src/store/schema.ts';
import { BrokenPromise } from '../broken-promise.ts';
import { glassBreakers, isFrozen } from '../rules.ts';
import type { Watch } from '../simulated-store.ts';
import type { Story } from '../story.ts';
import type { Timeline } from '../timeline.ts';
import type { SimulatedCluster } from '../world/cluster.ts';
import type { Effect } from '../world/things.ts';
import { createClaims } from './claims.ts';
import { type Loan, whatIsMissing } from './consent.ts';
import { wordsOf } from './event-words.ts';
import type { FactsOverTime } from './facts.ts';
import { createHands } from './hands.ts';
import { type Known, knownFrom, learn, voiceOf } from './known.ts';
import { createLocks } from './locks.ts';
import { createSleep } from './sleep.ts';

export interface Model {
  readonly requests: ReadonlyMap<string, Known>;
  readonly watch: Watch;
  /** Throws what was broken since the last time. */
  check(): void;
  breaks(broken: BrokenPromise): void;
  /** Somebody clicks on what they see; `'less'`: on what they make of it themselves. */
  clicks(id: RequestId, by: Person, seen: string): void;
  /** The guardrails are about to be asked whether it may start. */
  starts(id: RequestId): void;
  /** A step is about to reach outside. */
  leaves(key: string, kind: Effect['kind']): void;
  happened(effect: Effect): void;
  /** What runs in this environment is about to be stopped or started. */
  reaches(environment: string): void;
  /** The key of the request whose run has this number. */
  keyOfFence(fence: number): string;
  /** What the request of this key has made was removed by hand. */
  removedByHand(key: string): void;
  /** The requests whose environments are gone, and nothing says so yet. */
  unseen(): readonly Known[];
}

export interface ModelOptions {
  readonly db: Kysely<Database>;
  readonly timeline: Pick<Timeline, 'now'>;
  readonly facts: FactsOverTime;
  readonly story: Story;
  readonly cluster: Pick<SimulatedCluster, 'running' | 'isThere'>;
}

export function createModel({ db, timeline, facts, story, cluster }: ModelOptions): Model {
  const requests = new Map<string, Known>();
  const asked = new Map<string, string>();
  const codes = new Set<string>();
  const loans = new Map<string, Loan & { readonly until: number }>();
  const done = new Set<string>();
  const clicked = new Set<string>();
  const claims = createClaims();
  const locks = createLocks();
  const hands = createHands(requests, cluster.isThere);
  const sleep = createSleep({ requests, running: cluster.running });
  let broken: BrokenPromise | undefined;

  function breaks(one: BrokenPromise): void {
    broken ??= one;
  }

  function guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof BrokenPromise)) throw error;
      breaks(error);
    }
  }

  /** All that is new of it, as it stands in the database. */
  async function follow(id: RequestId): Promise<void> {
    const number = Number(id.slice('REQ-'.length));
    const rows = await db
      .selectFrom('events')
      .select('body')
      .where('request_number', '=', number)
      .where('seq', '>', requests.get(id)?.version ?? 0)
      .orderBy('seq')
      .execute();
    for (const { body } of rows) guarded(() => followEvent(id, JSON.parse(body) as RequestEvent));
  }

  function followEvent(id: RequestId, event: RequestEvent): void {
    story.note(timeline.now(), `${id} ${event.type}${wordsOf(event)}`);
    if (event.type === 'requested') requests.set(id, knownFrom(event));
    const known = requests.get(id);
    if (!known) throw new BrokenPromise('a request is its events', `${id} begins with ${event.type}`);
    if (known.state === 'ended' && isDeed(event)) {
      throw new BrokenPromise('no effect without a yes', `${id} has ended, and then ${event.type}`);
    }
    learn(known, event);
    locks.follow(known, event);
    sleep.follow(known, event);
    hands.follow(known, event);
    if (event.type === 'started') mayStart(known);
    if (event.type === 'reviewed') wasSeen(id, event.review);
    if (event.type === 'glass_broken') mayBreakGlass(known);
    if (event.type === 'succeeded') lend(event.outputs);
  }

  function wasSeen(id: RequestId, { by, name, digest }: Review): void {
    if (clicked.has(`${id} ${by} ${digest}`) || clicked.has(`${id} ${by} less`)) return;
    throw new BrokenPromise(
      'answers are for what was seen',
      `${name} answers ${id} as they have not seen it`,
    );
  }

  function mayStart(known: Known): void {
    const since = known.askedSince ?? timeline.now();
    const seen = facts.since(since);
    if (known.glass) return;
    const reasons = seen.map((one) => {
      const rests =
        known.action === 'thing.change' && isFrozen(one.rules, timeline.now()) && isFrozen(one.rules, since);
      return rests ? 'it rests now' : whatIsMissing(known, one, loansInForce());
    });
    if (reasons.every((reason) => reason !== undefined)) {
      throw new BrokenPromise('no effect without a yes', `${known.id} began, and ${reasons.join('; or ')}`);
    }
    const { commit } = known.resolved;
    if (known.action === 'thing.change' && !seen.some((one) => one.commit === commit)) {
      throw new BrokenPromise(
        'answers are for what was seen',
        `${known.id} began with ${commit}, which has moved`,
      );
    }
  }

  function mayBreakGlass(known: Known): void {
    const voice = voiceOf(known.requester.id, known.requester.email);
    // Broken when it is judged for the first time, if nothing else holds it: its asker is looked up in that while.
    const since = known.askedSince ?? known.requestedAt;
    const isAllowed = facts
      .since(since)
      .some(({ groups }) => (groups.get(voice) ?? []).some((one) => glassBreakers.includes(one)));
    if (known.bypass !== 'break_glass' || !isAllowed) {
      throw new BrokenPromise('somebody looks at emergencies', `${known.id} broke glass without a right to`);
    }
    for (const other of requests.values()) {
      if (!other.glass || other.glass.isReviewed || other === known) continue;
      const isTheirs = voiceOf(other.requester.id, other.requester.email) === voice;
      if (!isTheirs || Number(other.id.slice(4)) > Number(known.id.slice(4)) || other.glass.at >= since)
        continue;
      throw new BrokenPromise(
        'somebody looks at emergencies',
        `${known.id} broke glass, and nobody looked at ${other.id}`,
      );
    }
  }

  function loansInForce(): readonly Loan[] {
    return [...loans.values()].filter(({ until }) => until > timeline.now() - 60_000);
  }

  function lend({ delegation, delegationEnded }: NonNullable<PlatformRequest['outputs']>): void {
    if (delegation) loans.set(delegation.from.id, delegation);
    if (delegationEnded !== undefined) loans.delete(delegationEnded);
  }

  function spend(code: CodeUse | undefined): void {
    if (!code) return;
    const name = `${code.person} ${code.step}`;
    if (codes.has(name)) throw new BrokenPromise('a code once', `the code of ${name} was spent again`);
    codes.add(name);
  }

  const written: Readonly<
    Record<string, (asked: readonly unknown[], answer: unknown) => void | Promise<void>>
  > = {
    async create([key, , code], answer) {
      const { request, isNew } = answer as { request: PlatformRequest; isNew: boolean };
      guarded(() => {
        const before = asked.get(key as string);
        if (before !== undefined && before !== request.id) {
          throw new BrokenPromise('one ask, one request', `${key} made ${before}, and then ${request.id}`);
        }
        if (isNew) spend(code as CodeUse | undefined);
      });
      asked.set(key as string, request.id);
      if (isNew) await follow(request.id);
    },
    async append([given], answer) {
      const change = given as Change;
      if ((answer as AppendOutcome).outcome !== 'appended') return;
      guarded(() => {
        const known = requests.get(change.requestId);
        if (known?.version !== change.expectedVersion) {
          throw new BrokenPromise(
            'no lost update',
            `${change.requestId} was at ${known?.version}, and was written as if at ${change.expectedVersion}`,
          );
        }
        if (change.claim) claims.used(change.claim);
        spend(change.code);
      });
      await follow(change.requestId);
    },
    claimDue([, now], answer) {
      const found = answer as { claim: Claim } | undefined;
      if (found) guarded(() => claims.given(found.claim, now as number));
    },
    renew([claim, now, leaseMs], answer) {
      if (answer) guarded(() => claims.renewed(claim as Claim, (now as number) + (leaseMs as number)));
    },
    release: ([claim]) => claims.givenBack(claim as Claim),
    postpone: ([claim]) => claims.givenBack(claim as Claim),
  };

  function requestOf(key: string): { readonly known: Known | undefined; readonly step: string } {
    const [request = '', step = ''] = key.split(':');
    return { known: [...requests.values()].find((one) => one.key === request), step };
  }

  return {
    requests,
    breaks,
    watch: async (_life, method, given, answer) => {
      await written[method]?.(given, answer);
    },
    check() {
      if (broken) throw broken;
    },
    clicks: (id, by, seen) => void clicked.add(`${id} ${by.id} ${seen}`),
    starts(id) {
      const known = requests.get(id);
      if (known) known.askedSince = timeline.now();
    },
    leaves(key, kind) {
      guarded(() => {
        const { known, step } = requestOf(key);
        const state = known?.steps.get(step)?.state;
        if (kind === 'done' && state === undefined) {
          throw new BrokenPromise('intent before effect', `${key} is about to happen, and nothing says so`);
        }
        if (known?.state === 'ended') {
          throw new BrokenPromise(
            'no effect without a yes',
            `${key} is about to happen, and ${known.id} has ended`,
          );
        }
      });
    },
    reaches: (environment) => guarded(() => sleep.reaches(environment)),
    keyOfFence: (fence) => [...requests.values()].find((one) => one.fence === fence)?.key ?? '',
    removedByHand: hands.removed,
    unseen: hands.unseen,
    happened({ key, kind, thing }) {
      story.note(timeline.now(), `${thing}: ${key} is ${kind}`);
      if (kind === 'taken back') return;
      // By what it is, whatever key it came with.
      const step = key.split(':').slice(0, 2).join(':');
      if (done.has(step)) breaks(new BrokenPromise('every effect once', `${step} happened again`));
      done.add(step);
    },
  };
}

/** What may not happen to a request that has ended. */
function isDeed({ type }: RequestEvent): boolean {
  return ['started', 'step_started', 'step_done', 'approved', 'reviewed', 'succeeded', 'failed'].includes(
    type,
  );
}
