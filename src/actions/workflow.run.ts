/** `/run`: a GitHub Actions workflow of the catalog, with its own inputs as a form, followed to its end. */
import { type ChangeAction, defineAction } from '../core/action.ts';
import { ok, ProblemError, refuse } from '../core/problem.ts';
import { input } from './workflow/input.ts';
import { workflowOf, workflowSteps } from './workflow/steps.ts';
import { noSuchFile, noSuchRef, unknownWorkflow, valueLines } from './workflow/words.ts';

const run: ChangeAction<typeof input> = {
  title: 'Run a workflow',
  summary: 'Start one of the workflows at GitHub and follow it to its end.',
  effect: 'change',
  channel: 'deploys',
  command: {
    slash: '/run',
    positional: [{ field: 'workflow' }],
    examples: [
      '/run reindex-search --index products',
      '/run reindex-search --index categories --batch-size 200 --reason "new synonyms"',
    ],
  },
  input,

  further: ({ workflow }, catalog) => catalog.workflows[String(workflow)]?.inputs,

  target({ workflow: name }, { catalog }) {
    const workflow = catalog.workflows[name];
    if (!workflow) return refuse(unknownWorkflow(name, Object.keys(catalog.workflows)));
    const { owners, tier } = workflow;
    // Whoever owns it is asked like the owners of a service are.
    return ok({ kind: 'workflow', name, tier, team: owners[0] ?? '', service: { name, owners } });
  },

  async preview(asked, context) {
    const { title, repository, file, ref: wanted, inputs } = workflowOf(asked, context);
    const { forge } = context;
    const ref = wanted ?? (await forge.defaultBranch(repository));
    const [commit, isThere] = await Promise.all([
      forge.resolve(repository, ref),
      forge.hasWorkflow(repository, file),
    ]);
    if (!commit) throw new ProblemError(noSuchRef(repository, ref));
    if (!isThere) throw new ProblemError(noSuchFile(repository, file));
    return {
      sentence: `Runs ${title} (${file} of ${repository}) as it is on ${ref}.`,
      details: valueLines(inputs, asked.values),
      commits: [],
      resolved: { ref, commit: commit.sha },
      cautions: [],
    };
  },

  steps: () => workflowSteps,

  outputs(asked, context) {
    const url = context.results.run?.url;
    const { title } = workflowOf(asked, context);
    return {
      links: url === undefined ? [] : [{ label: 'Workflow run', url }],
      notes: [`${title} has run.`],
    };
  },
};

export default defineAction(run);
