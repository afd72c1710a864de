/** Carrying on where the outside is needed: what does not answer is said once and ends the request in time (core/stall.ts). */
import type { RequestId } from '../core/ids.ts';
import { ok, type Problem, problemFrom, type Result, refuse } from '../core/problem.ts';
import { isEnded, type PlatformRequest } from '../core/request.ts';
import type { Claim } from '../core/store.ts';
import type { DeskContext } from './context.ts';
import { type Decision, write } from './write.ts';

/**
 * Writes what `decide` says. What it throws ends the request, unless it may pass by itself: then it is refused with that
 * problem, for the caller to try again.
 */
export async function writeOrStall(
  context: DeskContext,
  id: RequestId,
  decide: (request: PlatformRequest) => Promise<Decision>,
  claim?: Claim,
): Promise<Result<PlatformRequest>> {
  let silence: Problem | undefined;
  const written = await write(
    context,
    id,
    async (request) => {
      silence = undefined;
      try {
        const decision = await decide(request);
        return ok(
          request.stall ? { ...decision, commands: [{ type: 'resume' }, ...decision.commands] } : decision,
        );
      } catch (error) {
        const cause = problemFrom(error);
        if (!cause.isTransient) {
          context.log.warn({ request: id, problem: cause }, 'could not be judged');
          return ok({ commands: [{ type: 'give_up', problem: cause }] });
        }
        silence = cause;
        return ok({ commands: [{ type: 'stall', problem: cause }] });
      }
    },
    claim,
  );
  if (!written.ok || !silence) return written;
  if (!isEnded(written.value)) return refuse(silence);
  context.log.warn({ request: id, problem: silence }, 'given up: the outside stayed away');
  return written;
}
