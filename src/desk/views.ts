/** What people may look at: one request, their own, what waits for them, what they may ask for. */
import { mayAsk } from '../approvals/may-ask.ts';
import { quorumAsRecorded } from '../approvals/quorum.ts';
import type { RequestId } from '../core/ids.ts';
import type { Person } from '../core/person.ts';
import { ok, type Result, refuse } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { DeskContext } from './context.ts';
import type { RequestView } from './desk.ts';
import { eligibility } from './review.ts';
import { standingOf } from './standing.ts';
import { refuseStranger } from './submit.ts';
import { unknownRequest } from './write.ts';

/** More would not be read; the newest come first. */
const mineShownMax = 20;
const waitingLookedAtMax = 1_000;

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

export async function overview(
  context: DeskContext,
  viewer: Person,
): Promise<{ mine: readonly PlatformRequest[]; waitingForMe: readonly PlatformRequest[] }> {
  if (refuseStranger(viewer)) return { mine: [], waitingForMe: [] };
  const [mine, waiting] = await Promise.all([
    context.store.list({ requester: viewer.id, limit: mineShownMax }),
    context.store.list({ statuses: ['waiting'], limit: waitingLookedAtMax }),
  ]);
  return {
    mine,
    waitingForMe: waiting.filter((request) => eligibility(context, request, { by: viewer }).ok),
  };
}

export function permittedActions(context: DeskContext, viewer: Person): readonly string[] {
  if (refuseStranger(viewer)) return [];
  const standing = standingOf(context, viewer);
  return [...context.actions.keys()].filter((name) => mayAsk(context.policy(), name, standing));
}

/** Everybody who could answer it now; whoever cannot be looked up is left out. */
export async function approvers(context: DeskContext, request: PlatformRequest): Promise<readonly Person[]> {
  const catalog = context.catalog();
  const groups = new Set(request.requirements.flatMap((requirement) => requirement.from));
  const emails = new Set([...groups].flatMap((group) => catalog.groups[group]?.members ?? []));
  const people = await Promise.all(
    [...emails].map((email) => context.directory.personByEmail(email).catch(() => undefined)),
  );
  return people.filter(
    (person): person is Person => person !== undefined && eligibility(context, request, { by: person }).ok,
  );
}
