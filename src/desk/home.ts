/** What one person sees of it all at once: what waits for them, what is theirs, what they may ask for. */
import { judgeGlassReviewer } from '../approvals/judge-glass-reviewer.ts';
import { costNow, type EnvironmentRecord, environmentRecord } from '../core/environment-record.ts';
import { owesReview } from '../core/glass.ts';
import type { Person } from '../core/person.ts';
import { moneyText } from '../core/prices.ts';
import { isEnded, type PlatformRequest } from '../core/request.ts';
import { type DeskContext, livingRequests } from './context.ts';
import { standingToAnswer } from './standing.ts';
import { refuseStranger } from './submit.ts';
import { mayAnswer, overview, permittedActions } from './views.ts';

export interface HomeView {
  /** The longest waiting first. */
  readonly waitingForMe: readonly PlatformRequest[];
  /** Open ones, the newest first. */
  readonly mine: readonly PlatformRequest[];
  /** Alive, of the viewer's teams, what ends first coming first. */
  readonly environments: readonly HomeEnvironment[];
  /** Emergencies of others that the viewer may look at afterwards. */
  readonly debts: readonly PlatformRequest[];
  /** Names of the actions that the viewer may ask for. */
  readonly mayAsk: readonly string[];
  /** Whether a request that has changed stands here, or would now: to the viewer as they were when this was read. */
  concerns(request: PlatformRequest): boolean;
}

export interface HomeEnvironment {
  readonly record: EnvironmentRecord & { readonly living: NonNullable<EnvironmentRecord['living']> };
  /** "2.74 EUR". */
  readonly perDay: string;
}

export async function home(context: DeskContext, viewer: Person): Promise<HomeView> {
  if (refuseStranger(viewer)) {
    return { waitingForMe: [], mine: [], environments: [], debts: [], mayAsk: [], concerns: () => false };
  }
  const reviewer = await standingToAnswer(context, viewer);
  const teams = reviewer.groups === 'unknown' ? [] : reviewer.groups;
  const [{ mine, waitingForMe, debts }, environments] = await Promise.all([
    overview(context, viewer),
    environmentsOf(context, teams),
  ]);
  const shown = new Set([
    ...[...waitingForMe, ...debts].map(({ id }) => id),
    ...environments.map(({ record }) => record.requestId),
  ]);
  return {
    waitingForMe,
    mine: mine.filter((request) => !isEnded(request)),
    environments,
    debts,
    mayAsk: permittedActions(context, viewer),
    concerns: (request) =>
      shown.has(request.id) ||
      request.requester.id === viewer.id ||
      (request.status === 'waiting' && mayAnswer(request, reviewer)) ||
      (owesReview(request) && judgeGlassReviewer(request, reviewer).ok) ||
      // Of an environment only the request that made it tells anything here.
      (request.outputs?.environment !== undefined && teams.includes(request.target.team)),
  };
}

async function environmentsOf(context: DeskContext, teams: readonly string[]): Promise<HomeEnvironment[]> {
  const catalog = context.catalog();
  const requests = await livingRequests(context.store);
  return requests
    .filter(({ target }) => teams.includes(target.team))
    .flatMap((request) => {
      const record = environmentRecord(request);
      const { living } = record;
      if (!living) return [];
      const perDay = moneyText(costNow(record, catalog).perDay, catalog.prices);
      return [{ record: { ...record, living }, perDay }];
    })
    .toSorted((one, other) => one.record.living.expiresAt - other.record.living.expiresAt);
}
