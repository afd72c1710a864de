/** What whoever asked for an environment can do about its end, each with what the guardrails would say now. */
import type { Preview } from '../core/action.ts';
import type { Catalog } from '../core/catalog.ts';
import { hourMs } from '../core/duration.ts';
import { endOffers } from '../core/lifetime.ts';
import { lifeOf } from '../core/live-on.ts';
import { isOver } from '../core/live-rules.ts';
import type { EndChoice } from '../core/ports.ts';
import { costDuring, moneyText } from '../core/prices.ts';
import { ok } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { DeskContext } from './context.ts';
import { forecast } from './submit.ts';

/** None when it is gone. */
export async function endChoices(
  context: DeskContext,
  request: PlatformRequest,
): Promise<readonly EndChoice[]> {
  const { outputs, requester } = request;
  const name = outputs?.environment?.name;
  if (name === undefined || isOver(request)) return [];
  const keepFor = context.catalog().environments.keep?.for;
  const isAsleep = lifeOf(request).sleep !== undefined;
  return Promise.all(
    endOffers(name, { isAsleep, keepFor }).map(async ({ label, commandLine, action, input }) => {
      const seen = await forecast(context, { action, input, requester, origin: { surface: 'system' } });
      if (!seen.ok) return { label, commandLine, outlook: seen };
      const { verdict, preview } = seen.value;
      const price = priceOf(preview, context.catalog());
      return { label, commandLine, outlook: ok(verdict), ...(price === undefined ? {} : { price }) };
    }),
  );
}

/** Of the time that is added; nothing when none is, or when nobody knows what it costs. */
function priceOf({ addedHours, cost }: Preview, { prices }: Catalog): string | undefined {
  if (addedHours === undefined || cost === undefined || cost === 'unknown') return undefined;
  return moneyText(costDuring(addedHours * hourMs, cost), prices);
}
