/** What people may look at: one request, their own, what waits for them, what they may ask for. */
import { judgeGlassReviewer } from '../approvals/judge-glass-reviewer.ts';
import { mayAsk } from '../approvals/may-ask.ts';
import { judgeReviewer, quorumAsRecorded } from '../approvals/quorum.ts';
import type { RequestId } from '../core/ids.ts';
import type { Person, Standing } from '../core/person.ts';
import { ok, type Result, refuse } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { DeskContext } from './context.ts';
import type { Overview, RequestView } from './desk.ts';
import { authorsOf, standingOf, standingToAnswer } from './standing.ts';
import { refuseStranger } from './submit.ts';
import { unknownRequest } from './write.ts';

/** More would not be read; the newest come first. */
const mineShownMax = 20;
const waitingLookedAtMax = 1_000;
const debtsLookedAtMax = 50;

export async function view(
  context: DeskContext,
  id: RequestId,
  viewer: Person,
): Promise<Result<RequestView>> {
  const unwelcome = refuseStranger(viewer);
  if (unwelcome) return refuse(unwelcome);
  const request = await context.store.load(id);
  if (!request) return refuse(unknownRequest(id));
  return ok({ request, history: await context.store.history(id), quorum: quorumAsRecorded(request) });
}

export async function overview(context: DeskContext, viewer: Person): Promise<Overview> {
  if (refuseStranger(viewer)) return { mine: [], waitingForMe: [], debts: [] };
  const standing = standingOf(context, viewer);
  const [mine, waiting, emergencies, reviewer] = await Promise.all([
    context.store.list({ requester: viewer.id, limit: mineShownMax, isToShow: true }),
    context.store.list({ statuses: ['waiting'], limit: waitingLookedAtMax, isToShow: true }),
    context.store.list({ owesReview: true, limit: debtsLookedAtMax, isToShow: true }),
    standingToAnswer(context, viewer),
  ]);
  return {
    mine,
    waitingForMe: waiting.filter((request) => mayAnswer(request, reviewer)).toReversed(),
    debts: emergencies.filter((request) => judgeGlassReviewer(request, standing).ok),
  };
}

export function mayAnswer(request: PlatformRequest, reviewer: Standing): boolean {
  return judgeReviewer({ request, reviewer, authorEmails: authorsOf(request) }).ok;
}

export function permittedActions(context: DeskContext, viewer: Person): readonly string[] {
  if (refuseStranger(viewer)) return [];
  const standing = standingOf(context, viewer);
  return [...context.actions.keys()].filter((name) => mayAsk(context.policy(), name, standing));
}
