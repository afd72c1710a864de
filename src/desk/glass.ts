/** Emergencies: who owes a look at one, and the look itself. */
import { bypassOffers } from '../approvals/bypass-offers.ts';
import { judgeGlassReviewer } from '../approvals/judge-glass-reviewer.ts';
import { groupTitles } from '../core/catalog.ts';
import {
  type Bypass,
  type BypassOffers,
  bypassMistake,
  bypassReasonMax,
  bypassReasonMin,
} from '../core/glass.ts';
import type { RequestId } from '../core/ids.ts';
import { isSamePerson, type Person } from '../core/person.ts';
import { ok, problem, type Result, refuse } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { DeskContext } from './context.ts';
import type { Judgement } from './judge.ts';
import { standingOf } from './standing.ts';
import { write } from './write.ts';

/** More open emergencies than this are no emergencies. */
const openMax = 1_000;

/**
 * Of this person, under whatever account, beside the one that is judged. Of two at the same time the later one finds
 * the other; at its start the earlier one does not find the later.
 */
export async function debtsOf(
  { store }: DeskContext,
  requester: Person,
  own: RequestId | undefined,
): Promise<readonly RequestId[]> {
  const open = await store.list({ owesReview: true, limit: openMax });
  const judged = open.find(({ id }) => id === own);
  return open
    .filter((one) => one.id !== own && isSamePerson(one.requester, requester))
    .filter((one) => judged === undefined || numberOf(one.id) < numberOf(judged.id))
    .map(({ id }) => id);
}

function numberOf(id: RequestId): number {
  return Number(id.slice('REQ-'.length));
}

export async function reviewGlass(
  context: DeskContext,
  id: RequestId,
  by: Person,
  note?: string,
): Promise<Result<PlatformRequest>> {
  return write(context, id, (request) => {
    const titles = groupTitles(context.catalog());
    const allowed = request.glass
      ? judgeGlassReviewer(request, standingOf(context, by), titles)
      : ok(undefined);
    if (!allowed.ok) {
      context.log.warn({ request: id, person: by.id, code: allowed.problem.code }, 'a look was refused');
      return allowed;
    }
    const said = note?.trim().slice(0, bypassReasonMax);
    return ok({ commands: [{ type: 'review_glass', by, ...(said ? { note: said } : {}) }] });
  });
}

/** Everybody will read it: a word is no reason. */
export function readBypass(bypass: Bypass | undefined): Result<Bypass | undefined> {
  if (!bypass) return ok(undefined);
  const mistake = bypassMistake(bypass);
  const { kind, reason } = bypass;
  if (mistake === undefined) return ok({ kind, reason: reason.trim().replaceAll(/\s+/g, ' ') });
  return refuse(
    problem(
      'bad_input',
      mistake,
      `Write from ${bypassReasonMin} to ${bypassReasonMax} characters, behind the flag in quotes: everybody will read it.`,
    ),
  );
}

/** Whether the requester may ask not to wait, as the form offers it. */
export async function offersFor(
  context: DeskContext,
  requester: Person,
  { facts, judgeOf }: Pick<Judgement, 'facts' | 'judgeOf'>,
): Promise<BypassOffers> {
  const debts = await debtsOf(context, requester, undefined);
  return bypassOffers({ ...facts, debts: [...debts] }, judgeOf);
}
