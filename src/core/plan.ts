/** Which steps may be carried out now: a plan is a graph, in an order in which each comes after all that it needs. */
import type { PlannedStep, RunStep } from './request.ts';
import type { StepResult } from './step.ts';

/**
 * The plan that is remembered when a run starts.
 * @throws Error for a step that needs one that does not come before it: then no order would be the right one to undo in.
 */
export function planOf(steps: readonly PlannedStep[]): readonly PlannedStep[] {
  return steps.map(({ id, title, needs }, index) => {
    const before = steps.slice(0, index).map((step) => step.id);
    const wrong = needs?.find((one) => !before.includes(one));
    if (wrong !== undefined) throw new Error(`the step ${id} needs ${wrong}, which does not come before it`);
    return needs === undefined ? { id, title } : { id, title, needs };
  });
}

/** Not done yet, and all that they need is. */
export function openSteps(steps: readonly RunStep[]): readonly RunStep[] {
  const done = new Set(steps.filter(({ state }) => state === 'done').map(({ id }) => id));
  return steps.filter(({ id, needs }, index) => {
    if (done.has(id)) return false;
    // Without needs of its own a step comes after the one before it.
    const before = needs ?? steps.slice(Math.max(0, index - 1), index).map((step) => step.id);
    return before.every((one) => done.has(one));
  });
}

/** What the steps remembered, by step id. */
export function resultsOf(steps: readonly RunStep[]): Readonly<Record<string, StepResult>> {
  return Object.fromEntries(steps.flatMap(({ id, result }) => (result ? [[id, result]] : [])));
}
