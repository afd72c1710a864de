/** How a workflow runs: dispatched with our mark, found by it, and followed to its end. */
import type { Step, StepContext } from '../../core/action.ts';
import { minuteMs } from '../../core/duration.ts';
import type { WorkflowRun } from '../../core/forge.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { markerInput, type Workflow } from '../../core/workflow.ts';
import type { Input } from './input.ts';
import { dispatchedMax, followRun, namingGone, refuseTooSoon, takeBackRun } from './run.ts';
import { inputText, noRun, noSuchFile, ranAlready, refMoved } from './words.ts';

export const workflowSteps: readonly Step<Input>[] = [
  {
    id: 'dispatch',
    title: 'Workflow started',
    async find(asked, context) {
      const found = await findRun(workflowOf(asked, context), context);
      if (found) return { state: 'done', result: { runId: String(found.id) } };
      refuseTooSoon(context);
      return undefined;
    },
    async do(asked, context) {
      const { forge, request, resolved } = context;
      const { repository, file } = workflowOf(asked, context);
      const ref = resolved.ref ?? '';
      // A branch moves: what runs must be what was agreed to.
      const commit = await forge.resolve(repository, ref);
      if (commit?.sha !== resolved.commit) throw new ProblemError(refMoved(ref));
      const values = Object.entries(asked.values).map(([name, value]) => [name, inputText(value)] as const);
      const inputs = { ...Object.fromEntries(values), [markerInput]: request.key };
      const { id } = await namingGone(
        () => forge.dispatch({ repository, workflow: file, ref, inputs }),
        () => noSuchFile(repository, file),
      );
      return { state: 'done', result: id === undefined ? {} : { runId: String(id) } };
    },
    async undo(asked, context) {
      const workflow = workflowOf(asked, context);
      const run = await runOf(workflow, context);
      return takeBackRun(run, workflow.repository, context, () => ranAlready(workflow.title));
    },
  },
  {
    id: 'run',
    title: 'Workflow run',
    async do(asked, context) {
      const workflow = workflowOf(asked, context);
      const run = await runOf(workflow, context);
      const limitMs = workflow.minutesMax * minuteMs;
      const waited = { waitedMs: context.now - context.waitingSince, limitMs };
      return followRun(run, waited, () => noRun(workflow.file));
    },
  },
];

/** @throws ProblemError when it left the catalog since it was asked for. */
export function workflowOf(asked: Input, { catalog }: Pick<StepContext, 'catalog'>): Workflow {
  const workflow = catalog.workflows[asked.workflow];
  if (workflow) return workflow;
  throw new ProblemError(
    problem(
      'not_found',
      `The workflow "${asked.workflow}" is no longer in the catalog.`,
      'Ask the platform team what became of it.',
    ),
  );
}

/** Remembered from the dispatch, or found by its mark where the server did not name the run. */
async function runOf(workflow: Workflow, context: StepContext): Promise<WorkflowRun | undefined> {
  const id = context.results.dispatch?.runId ?? (await findRun(workflow, context))?.id;
  return id === undefined ? undefined : context.forge.run(workflow.repository, Number(id));
}

function findRun({ repository, file }: Workflow, { forge, request, stepStartedAt }: StepContext) {
  const since = stepStartedAt - dispatchedMax;
  return namingGone(
    () => forge.findRun(repository, file, request.key, since),
    () => noSuchFile(repository, file),
  );
}
