/** How much of the policy's limits is used up: the fact behind each of them, counted as of this moment. */
import { isChosen } from '../approvals/chosen.ts';
import type { LimitRule } from '../approvals/limits.ts';
import type { Policy } from '../approvals/policy.ts';
import { parseDuration } from '../core/duration.ts';
import type { CostFacts, Facts } from '../core/facts.ts';
import type { Moment, RequestId } from '../core/ids.ts';
import { centsBetween } from '../core/life.ts';
import { lifeOf } from '../core/live-on.ts';
import { isOver } from '../core/live-rules.ts';
import { isSamePerson } from '../core/person.ts';
import { costDuring } from '../core/prices.ts';
import type { PlatformRequest } from '../core/request.ts';
import { periodSpan } from '../core/time-zone.ts';
import { comingRequests, type DeskContext, livingRequests } from './context.ts';
import type { Subject } from './gather-facts.ts';

export interface CountedLimits {
  readonly limits: NonNullable<Facts['limits']>;
  /** Paths of those that could not be counted. */
  readonly unknown: readonly string[];
}

export interface Asked {
  /** What it would cost; `unknown` when that could not be had. */
  readonly cost: CostFacts | 'unknown';
  /** By how much it moves an end. */
  readonly addedHours: number;
}

export async function countLimits(
  context: DeskContext,
  policy: Policy,
  subject: Subject,
  asked: Asked,
): Promise<CountedLimits> {
  const now = context.clock.now();
  const rules = policy.limitsOf.get(subject.actionName) ?? [];
  const limits: Record<string, { used: number; adds: number }> = {};
  const unknown: string[] = [];
  for (const rule of rules) {
    const { measure } = rule.limit;
    const needsCost = measure.kind === 'money';
    if (needsCost && asked.cost === 'unknown') unknown.push(`limits.${rule.id}`);
    limits[rule.id] = {
      used: await used(context, rule, subject, now),
      adds:
        measure.kind === 'alive'
          ? Number(makesOne(subject))
          : needsCost
            ? costAdded(context, measure, subject, asked, now)
            : 1,
    };
  }
  return { limits, unknown };
}

/** More requests than this in a limit's span are counted as this many: no limit is larger. */
const countedMax = 10_000;

async function used(context: DeskContext, rule: LimitRule, subject: Subject, now: Moment): Promise<number> {
  const { store, catalog } = context;
  const { limit } = rule;
  const { measure } = limit;
  const isTheirs = (request: PlatformRequest) => countsFor(rule, request, subject);
  switch (measure.kind) {
    case 'requests': {
      const asked = await store.list({
        ...{ since: now - measure.withinMs, actions: rule.actions, limit: countedMax },
        // Not what everybody asked for in that time: in a burst each would read all that came before it.
        ...(limit.per === 'person' ? { asker: subject.requester } : {}),
      });
      return asked.filter((one) => isCounted(one) && isTheirs(one)).length;
    }
    case 'alive': {
      const [living, coming] = await Promise.all([livingRequests(store), onTheWay(context)]);
      return [...living, ...coming].filter(isTheirs).length;
    }
    case 'money': {
      const span = periodSpan(measure.every, now, catalog().zone);
      const made = await store.list({ livedSince: span.from, limit: countedMax });
      const coming = await onTheWay(context);
      const spent = made.map((one) => spentBetween(one, span, now, rule, subject));
      const promised = coming.filter(isTheirs).map((one) => firstCost(one, span.to, now));
      return Math.round([...spent, ...promised].reduce((sum, one) => sum + one, 0) * 100) / 100;
    }
  }
}

/** What the guardrails refused is no use of anything: or asking once too often would go on refusing itself. */
function isCounted({ status, deniedBy }: PlatformRequest): boolean {
  return !(status === 'denied' && deniedBy === 'policy');
}

/** What is on its way counts too, or ten requests in one second would all find room. */
function onTheWay({ store }: DeskContext): Promise<readonly PlatformRequest[]> {
  return comingRequests(store, ['approved', 'running']);
}

/** Of those that are not there yet, only what has its place before this one: of two at once, one finds room. */
function countsFor(
  { limit, tiers, services, teams, chosen }: LimitRule,
  request: PlatformRequest,
  subject: Subject,
): boolean {
  const { target, requester } = request;
  const hasPlace = limit.measure.kind === 'requests' ? wasAskedBefore : mayRunBefore;
  if (request.id === subject.id || (request.status !== 'succeeded' && !hasPlace(request, subject)))
    return false;
  const covers = (list: readonly string[] | undefined, value: string) => list?.includes(value) ?? true;
  if (!covers(tiers, target.tier) || !covers(services, target.service?.name ?? '')) return false;
  if (!covers(teams, target.team) || !isChosen(chosen, request.input)) return false;
  switch (limit.per) {
    case 'person':
      return isSamePerson(requester, subject.requester);
    case 'team':
      return target.team === subject.target.team;
    case 'everybody':
      return true;
  }
}

function wasAskedBefore({ id }: PlatformRequest, subject: Subject): boolean {
  return subject.id === undefined || numberOf(id) < numberOf(subject.id);
}

/**
 * By when they may run, not by when they were asked for: whoever let small ones wait and edited them afterwards, the
 * newest first, would find room for each.
 */
function mayRunBefore(request: PlatformRequest, subject: Subject): boolean {
  const [one, other] = [request.approvedAt ?? Infinity, subject.approvedAt ?? Infinity];
  return one === other ? wasAskedBefore(request, subject) : one < other;
}

function numberOf(id: RequestId): number {
  return Number(id.slice('REQ-'.length));
}

function makesOne({ action, target }: Subject): boolean {
  return action.effect === 'create' && target.kind === 'environment';
}

type Span = ReturnType<typeof periodSpan>;

/** In the period so far, and until its end by what lives on; the team that pays may have changed since. */
function spentBetween(
  request: PlatformRequest,
  span: Span,
  now: Moment,
  rule: LimitRule,
  subject: Subject,
): number {
  if (!request.outputs?.environment || request.id === subject.id) return 0;
  const life = lifeOf(request);
  const payer = life.spans.at(-1)?.team ?? request.target.team;
  if (
    !countsFor(rule, { ...request, status: 'succeeded', target: { ...request.target, team: payer } }, subject)
  )
    return 0;
  const end = isOver(request) ? now : Math.max(now, Math.min(span.to, request.outputs.environment.expiresAt));
  return centsBetween(life, span.from, end) / 100;
}

/** Of one that is yet to be made. */
function firstCost({ input, preview }: PlatformRequest, to: Moment, now: Moment): number {
  const cost = preview?.cost;
  if (cost === undefined || cost === 'unknown') return 0;
  return costDuring(Math.min(ttlOf(input) ?? to - now, to - now), cost);
}

/** From now until the end of the period, or of what is asked for when that comes first. */
function costAdded(
  { catalog }: DeskContext,
  { every }: Extract<LimitRule['limit']['measure'], { kind: 'money' }>,
  subject: Subject,
  { cost, addedHours }: Asked,
  now: Moment,
): number {
  if (cost === 'unknown') return 0;
  const left = periodSpan(every, now, catalog().zone).to - now;
  const lasts = makesOne(subject) ? (ttlOf(subject.input) ?? left) : addedHours * 3_600_000;
  return Math.round(costDuring(Math.min(lasts, left), cost) * 100) / 100;
}

function ttlOf({ ttl }: Readonly<Record<string, unknown>>): number | undefined {
  return typeof ttl === 'string' ? parseDuration(ttl) : undefined;
}
