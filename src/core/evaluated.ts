/** What becomes of a request once the guardrails have spoken: for whom it waits, until when, and whether it has a card. Pure. */
import { askingAnew, withFallbacks } from './asking.ts';
import type { Moment } from './ids.ts';
import type { EventOf, PlannedStep, PlatformRequest, RunStep } from './request.ts';
import type { Verdict } from './verdict.ts';

/** Whoever submitted it evaluates it at once; the runner does when they have not by then (a crash in between). */
export const evaluateGraceMs = 15_000;

export function applyEvaluated(request: PlatformRequest, event: EventOf<'evaluated'>): PlatformRequest {
  const { answerBy: _answerBy, dueAt: _dueAt, ...rest } = request;
  const { verdict, preview, digest, target = request.target } = event;
  const known: PlatformRequest = {
    ...rest,
    verdict,
    preview,
    target,
    digest,
    isShown: request.isShown || isWorthACard(request, verdict) || isOverdue(request, event.at),
    requirements: verdict.requirements,
    steps: event.plan.map(pendingStep),
  };
  switch (verdict.outcome) {
    case 'require_approval': {
      // The clock of an answer starts once; being evaluated again does not win people more time. A move does.
      const anew = event.at + Math.min(...verdict.requirements.map((one) => one.expiresAfterMs));
      const isSame = request.digest === digest;
      const answerBy = isSame ? (request.answerBy ?? anew) : anew;
      const asking = askingAnew(request, event.at, isSame);
      return {
        ...known,
        status: 'waiting',
        answerBy,
        asking,
        requirements: withFallbacks(verdict.requirements, asking.escalated),
        // Somebody has to be asked; the runner then knows when to look again.
        dueAt: event.at,
      };
    }
    case 'hold':
      return { ...known, status: 'held', dueAt: verdict.hold?.until ?? event.at + holdRetryMs };
    case 'allow':
    case 'deny':
      // `approved` or `denied` follows in the same change.
      return known;
  }
}

/** What is refused at once is told to whoever asked; what nobody waits for and nobody must answer just happens. */
function isWorthACard({ origin }: PlatformRequest, { outcome }: Verdict): boolean {
  return outcome !== 'deny' && !(origin.isQuiet && outcome === 'allow');
}

/** Whoever submitted it has stopped waiting for the answer: only a card can tell the requester any more. */
export function isOverdue(request: PlatformRequest, at: Moment): boolean {
  return request.status === 'submitted' && at - request.createdAt >= evaluateGraceMs;
}

/** A window that cannot tell when it ends is asked again after this long. */
export const holdRetryMs = 5 * 60_000;

export function pendingStep(step: PlannedStep): RunStep {
  return { ...step, state: 'pending', attempts: 0, progress: [] };
}
