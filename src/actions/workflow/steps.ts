/** How a workflow runs: dispatched with our mark, found by it, and followed to its end. */
import type { Step, StepContext } from '../../core/action.ts';
import { hourMs, minuteMs, secondMs } from '../../core/duration.ts';
import type { WorkflowRun } from '../../core/forge.ts';
import { ProblemError, problem, problemFrom } from '../../core/problem.ts';
import { listOf } from '../../core/text.ts';
import { markerInput, type Workflow } from '../../core/workflow.ts';
import { jobLines, runFailed, runNote, runTooLong } from '../deploy/run-words.ts';
import type { Input } from './input.ts';
import { inputText, noRun, noSuchFile, ranAlready, refMoved } from './words.ts';

/** How long a dispatched run may take to appear where the server does not name it. */
const appearMax = 2 * minuteMs;
const lookAgain = 3 * secondMs;
/** How long before a step a dispatch may have been whose answer was lost; see actions/deploy/by-workflow.ts. */
const dispatchedMax = 6 * hourMs;

export const workflowSteps: readonly Step<Input>[] = [
  {
    id: 'dispatch',
    title: 'Workflow started',
    async find(asked, context) {
      const found = await findRun(workflowOf(asked, context), context);
      return found && { state: 'done', result: { runId: String(found.id) } };
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
      const { id } = await namingGone(repository, file, () =>
        forge.dispatch({ repository, workflow: file, ref, inputs }),
      );
      return { state: 'done', result: id === undefined ? {} : { runId: String(id) } };
    },
    async undo(asked, context) {
      const workflow = workflowOf(asked, context);
      const run = await runOf(workflow, context);
      if (run?.status === 'completed' && run.conclusion === 'success') {
        throw new ProblemError(ranAlready(workflow.title));
      }
      if (!run || run.status === 'completed') return { state: 'done' };
      await context.forge.cancelRun(workflow.repository, run.id);
      return { state: 'waiting', note: 'cancelling the workflow run', againInMs: lookAgain };
    },
  },
  {
    id: 'run',
    title: 'Workflow run',
    async do(asked, context) {
      const workflow = workflowOf(asked, context);
      const run = await runOf(workflow, context);
      const waited = context.now - context.stepStartedAt;
      if (!run) {
        if (waited > appearMax) throw new ProblemError(noRun(workflow.file));
        return { state: 'waiting', note: 'waiting for the run to appear', againInMs: lookAgain };
      }
      if (run.status !== 'completed') {
        const limitMs = workflow.minutesMax * minuteMs;
        if (waited > limitMs) throw new ProblemError(runTooLong(run, limitMs));
        return { state: 'waiting', note: runNote(run), progress: jobLines(run), againInMs: lookAgain };
      }
      if (run.conclusion !== 'success') throw new ProblemError(runFailed(run));
      return {
        state: 'done',
        note: listOf(run.jobs.map((job) => `${job.name} passed`)),
        result: { url: run.url },
      };
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
  return namingGone(repository, file, () => forge.findRun(repository, file, request.key, since));
}

/** GitHub's 404 speaks of an address; people know that somebody has renamed a file. */
async function namingGone<Value>(
  repository: string,
  file: string,
  call: () => Promise<Value>,
): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    if (problemFrom(error).code !== 'not_found') throw error;
    throw new ProblemError(noSuchFile(repository, file), { cause: error });
  }
}
