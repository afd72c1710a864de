/** What whoever asked for an environment can do about its end, each with what the guardrails would say now. */
import { endOffers } from '../core/lifetime.ts';
import type { EndChoice } from '../core/ports.ts';
import { ok } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { DeskContext } from './context.ts';
import { forecast } from './submit.ts';

/** None when it is gone. */
export async function endChoices(
  context: DeskContext,
  { outputs, requester, retiredBy }: PlatformRequest,
): Promise<readonly EndChoice[]> {
  const name = outputs?.environment?.name;
  if (name === undefined || retiredBy !== undefined) return [];
  return Promise.all(
    endOffers(name).map(async ({ label, commandLine, action, input }) => {
      const seen = await forecast(context, { action, input, requester, origin: { surface: 'system' } });
      return { label, commandLine, outlook: seen.ok ? ok(seen.value.verdict) : seen };
    }),
  );
}
