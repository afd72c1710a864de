/**
 * For which other environments one person is lent one place in a team. Those that are being made count too: they may
 * have added the place a moment ago, and whoever finds it then would take it for one that was there before.
 */
import { z } from 'zod';
import type { StepContext } from '../../../core/action.ts';
import type { MadePart } from '../../../core/blueprint.ts';
import { githubLoginOf } from '../../../core/catalog.ts';
import { resultsOf } from '../../../core/plan.ts';
import type { PlatformRequest } from '../../../core/request.ts';
import { rememberedPlan } from '../create/plan.ts';
import { hadFoundNone, partStepId } from './part.ts';

export interface Place {
  readonly organisation: string;
  readonly team: string;
  readonly login: string;
}

/** `lent`: `yes` when the place is ours to take back. */
export const loanSchema = z.object({ login: z.string(), lent: z.enum(['yes', 'no']) });

export interface Loan {
  /** Its name. */
  readonly environment: string;
  /** It is being removed, or taken back, and gives the place back itself if it can. */
  readonly isEnding: boolean;
}

/** More runs at once would be an accident. */
const openMax = 10_000;

/** For environments but the one that the request is about. */
export async function otherLoans(place: Place, context: StepContext): Promise<readonly Loan[]> {
  const { target } = context.request;
  const runs = await context.requests({
    ...{ statuses: ['running', 'undoing'], limit: openMax },
    actions: ['environment.create', 'environment.destroy'],
  });
  const others = runs.filter((one) => one.target.name !== target.name);
  // In this order: what gets ready in between is found twice rather than not at all.
  return [...(await comingLoans(place, others, context)), ...(await livingLoans(place, others, context))];
}

async function comingLoans(
  place: Place,
  runs: readonly PlatformRequest[],
  context: StepContext,
): Promise<readonly Loan[]> {
  const loans: Loan[] = [];
  for (const run of runs.filter(({ action }) => action === 'environment.create')) {
    if (await mayLend(place, run, context))
      loans.push({ environment: run.target.name, isEnding: run.status === 'undoing' });
  }
  return loans;
}

async function livingLoans(
  place: Place,
  runs: readonly PlatformRequest[],
  context: StepContext,
): Promise<readonly Loan[]> {
  const { id, target } = context.request;
  const removals = runs.filter(({ action }) => action === 'environment.destroy');
  return (await context.environments())
    .filter((one) => one.requestId !== id && one.name !== target.name)
    .filter(({ parts = [] }) => parts.some((part) => isOf(place, part) && isLent(place, part.result)))
    .map(({ name }) => ({
      environment: name,
      isEnding: removals.some((removal) => removal.target.name === name),
    }));
}

/** Whether it has added the place and not given it back, as far as anybody knows. */
async function mayLend(place: Place, run: PlatformRequest, context: StepContext): Promise<boolean> {
  const ids = rememberedPlan(resultsOf(run.steps))
    .parts.filter((part) => isOf(place, part))
    .map(({ name }) => partStepId(name));
  const isTheirs = githubLoginOf(context.catalog, run.requester.email) === place.login;
  for (const { id, state, result } of run.steps) {
    if (!ids.includes(id) || state === 'undone') continue;
    // Without a result the answer to the adding may be lost, or on its way.
    if (result ? isLent(place, result) : isTheirs && (await hadFoundNone(id, context, run.id))) return true;
  }
  return false;
}

function isOf(
  { organisation, team }: Place,
  { kind, settings }: Pick<MadePart, 'kind' | 'settings'>,
): boolean {
  return kind === 'team-membership' && settings.organisation === organisation && settings.team === team;
}

function isLent({ login }: Place, result: unknown): boolean {
  const loan = loanSchema.safeParse(result).data;
  return loan?.login === login && loan.lent === 'yes';
}
