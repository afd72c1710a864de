/** The next thing to do with a claimed request, by the status that it is in. */
import { hourMs, minuteMs, secondMs } from '../core/duration.ts';
import type { Moment } from '../core/ids.ts';
import { isOver } from '../core/live-rules.ts';
import { unreadableRetryMs } from '../core/lock-life.ts';
import type { PlatformRequest, RequestStatus } from '../core/request.ts';
import { retryAt } from '../core/stall.ts';
import type { Claim } from '../core/store.ts';
import { runSteps } from './run-steps.ts';
import type { StepRunContext } from './step-context.ts';
import { undoSteps } from './undo-steps.ts';

export type CarryContext = StepRunContext;

/** Returns when to look again, or nothing when the request itself says when it is due. */
type CarryOn = (context: CarryContext, request: PlatformRequest, claim: Claim) => Promise<Moment | undefined>;

/** What only looks after something that is there already is not told when the outside is away: nobody waits for it. */
const outsideAwayRetry = 15 * secondMs;

const byStatus: Record<RequestStatus, CarryOn> = {
  async submitted(context, request, claim) {
    const decided = await context.desk.decide(request.id, claim);
    return decided.ok ? undefined : retryAt(request, decided.problem, context.clock.now());
  },
  async waiting({ desk, clock }, request, claim) {
    const attended = await desk.attend(request.id, claim);
    return attended.ok ? attended.value : clock.now() + outsideAwayRetry;
  },
  async held({ desk, clock }, request, claim) {
    const released = await desk.release(request.id, claim);
    return released.ok ? undefined : retryAt(request, released.problem, clock.now());
  },
  async approved(context, request, claim) {
    const started = await context.desk.start(request.id, claim);
    if (!started.ok) return retryAt(request, started.problem, context.clock.now());
    const { status, queue, dueAt } = started.value;
    if (status === 'running') return runSteps(context, started.value, claim);
    // What it waits for wakes it, but for a lock that cannot be read: nobody says when that was mended.
    return queue && dueAt !== undefined ? context.clock.now() + unreadableRetryMs : undefined;
  },
  running: runSteps,
  undoing: undoSteps,
  succeeded: endLife,
  failed: nothing,
  denied: nothing,
  cancelled: nothing,
  expired: nothing,
};

export const carryOn: CarryOn = (context, request, claim) =>
  byStatus[request.status](context, request, claim);

/**
 * A lock is idle or ends; an environment ends soon, which is said once, or its time is over. It is looked at as it is now, not as it was
 * claimed: it may have been extended since. Whoever slept through the announcement removes it without one.
 */
async function endLife(
  context: CarryContext,
  claimed: PlatformRequest,
  claim: Claim,
): Promise<Moment | undefined> {
  const { desk, clock } = context;
  if (claimed.lock) {
    const tended = await desk.tendLock(claimed.id, claim);
    return tended.ok ? tended.value : clock.now() + outsideAwayRetry;
  }
  const looked = await desk.announceEnd(claimed.id, claim);
  if (!looked.ok) return clock.now() + outsideAwayRetry;
  const { outputs } = looked.value;
  const end = outputs?.environment?.expiresAt;
  if (end === undefined || isOver(looked.value) || clock.now() < end) return undefined;
  return retire(context, looked.value);
}

/** Its removal is a request of its own; until that succeeded it is asked for again. */
async function retire({ desk, decide, clock }: CarryContext, request: PlatformRequest): Promise<Moment> {
  const removal = await desk.retireEnvironment(request);
  if (removal.ok && removal.value.status === 'submitted') await decide(removal.value.id);
  return clock.now() + (removal.ok ? minuteMs : hourMs);
}

async function nothing(): Promise<undefined> {
  return undefined;
}
