/** A set of services that go together: read from one word, and each brought out by itself. */
import type { Step, StepContext, StepOutcome } from '../../core/action.ts';
import type { Catalog } from '../../core/catalog.ts';
import { ProblemError, problem, problemFrom } from '../../core/problem.ts';
import { listOf } from '../../core/text.ts';
import { deliverySteps } from './steps.ts';

/** More would be neither read by who approves nor out before the day is over. */
export const servicesMax = 10;

/** `payments,checkout`: once each, in the order they were named, which is the order in which they go out. */
export function servicesIn(text: string): string[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  return [...new Set(names)];
}

/**
 * The steps of each, one service after the other. What fails ends its own service and nobody else's: the last step then
 * says which ones failed, and only those are taken back.
 */
export function setSteps(
  services: readonly string[],
  environment: string,
  catalog: Catalog,
): readonly Step<unknown>[] {
  return [
    ...services.flatMap((service) =>
      deliverySteps({ service, environment, scope: service }, catalog).map((step) => alone(step, service)),
    ),
    {
      id: 'results',
      title: 'All are out',
      async do(_asked, context) {
        const failed = services.filter((service) => failureOf(service, context) !== undefined);
        if (failed.length === 0) return { state: 'done' };
        throw new ProblemError(someFailed(services, failed, context));
      },
    },
  ];
}

/** What stopped this service; `undefined` while nothing has. */
export function failureOf(service: string, { results }: Pick<StepContext, 'results'>): string | undefined {
  return Object.entries(results).find(
    ([id, result]) => id.startsWith(`${service}.`) && result.failed !== undefined,
  )?.[1].failed;
}

export function isOut(service: string, context: Pick<StepContext, 'results'>): boolean {
  return context.results[`${service}.success`] !== undefined && failureOf(service, context) === undefined;
}

function alone(step: Step<unknown>, service: string): Step<unknown> {
  const { find, undo } = step;
  return {
    ...step,
    ...(find
      ? {
          find: async (asked, context) =>
            failureOf(service, context) === undefined ? marked(await find(asked, context)) : undefined,
        }
      : {}),
    async do(asked, context): Promise<StepOutcome> {
      if (failureOf(service, context) !== undefined) return { state: 'done', note: 'left out' };
      try {
        return marked(await step.do(asked, context));
      } catch (error) {
        const cause = problemFrom(error);
        // The outside may come back; the runner tries again, and gives up the whole when it does not.
        if (cause.isTransient) throw error;
        return { state: 'done', note: `failed: ${cause.sentence}`, result: { failed: cause.sentence } };
      }
    },
    async undo(asked, context): Promise<StepOutcome> {
      if (isOut(service, context)) return { state: 'done', note: `${service} is out, and stays` };
      return undo ? undo(asked, context) : { state: 'done' };
    },
  };
}

/** A step that remembers nothing leaves no result, and `isOut` asks for one. */
function marked<Outcome extends StepOutcome | undefined>(outcome: Outcome): Outcome | StepOutcome {
  return outcome?.state === 'done' ? { ...outcome, result: outcome.result ?? {} } : outcome;
}

function someFailed(services: readonly string[], failed: readonly string[], context: StepContext) {
  const out = services.filter((service) => isOut(service, context));
  const why = failed.map((service) => `${service}: ${failureOf(service, context)}`).join(' ');
  const rest =
    out.length === 0
      ? 'None is out.'
      : `${listOf(out)} ${out.length === 1 ? 'is' : 'are'} out and stay${out.length === 1 ? 's' : ''}.`;
  return problem(
    'step_failed',
    `${why} ${rest}`,
    `Mend ${listOf(failed)}, and promote ${failed.length === 1 ? 'it' : 'them'} again.`,
  );
}
