/** Workflows and their dispatch: https://docs.github.com/rest/actions/workflows */
import { z } from 'zod';
import { resolveCommit } from '../git.ts';
import {
  bodyOf,
  GithubError,
  json,
  noContent,
  notFound,
  page,
  type RepositoryCall,
  type RepositoryRoute,
} from '../http.ts';
import type { RunEngine } from '../runs.ts';
import { workflowShape } from '../shapes/actions.ts';
import { apiUrl, webUrl } from '../shapes/basics.ts';
import type { Repository, WorkflowRef } from '../state.ts';
import { checkInputs, dispatchInputsMax, type WorkflowFile } from '../workflow-file.ts';
import { findWorkflow, workflowAt } from '../workflows.ts';

const about = 'repository';
const workflows = '/repos/:owner/:repo/actions/workflows';
/** From this version on a dispatch always answers with the run: https://docs.github.com/rest/about-the-rest-api/breaking-changes */
const versionWithRunDetails = '2026-03-10';

export const workflowRoutes = (engine: RunEngine): readonly RepositoryRoute[] => [
  {
    ...{ about, method: 'GET', path: workflows, needs: ['actions', 'read'] },
    docs: 'actions/workflows#list-repository-workflows',
    handle: (call) =>
      page(
        call,
        [...call.repository.workflows.values()],
        (workflow) => shapeOf(call, workflow),
        (shown, total) => ({ total_count: total, workflows: shown }),
      ),
  },
  {
    ...{ about, method: 'GET', path: `${workflows}/:workflow`, needs: ['actions', 'read'] },
    docs: 'actions/workflows#get-a-workflow',
    handle: (call) => json(200, shapeOf(call, workflowOf(call))),
  },
  {
    ...{ about, method: 'POST', path: `${workflows}/:workflow/dispatches`, needs: ['actions', 'write'] },
    docs: 'actions/workflows#create-a-workflow-dispatch-event',
    handle: (call) => dispatch(call, engine),
  },
  {
    ...{ about, method: 'PUT', path: `${workflows}/:workflow/disable`, needs: ['actions', 'write'] },
    docs: 'actions/workflows#disable-a-workflow',
    handle(call) {
      const workflow = workflowOf(call);
      if (workflow.state !== 'active')
        throw new GithubError(403, 'Unable to disable a workflow that is not active.');
      workflow.state = 'disabled_manually';
      return noContent;
    },
  },
  {
    ...{ about, method: 'PUT', path: `${workflows}/:workflow/enable`, needs: ['actions', 'write'] },
    docs: 'actions/workflows#enable-a-workflow',
    handle(call) {
      workflowOf(call).state = 'active';
      return noContent;
    },
  },
];

const dispatchSchema = z.object({
  ref: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  return_run_details: z.boolean().default(false),
});

function dispatch(call: RepositoryCall, engine: RunEngine) {
  const { repository, state } = call;
  const workflow = workflowOf(call);
  const body = bodyOf(call, dispatchSchema, 'WorkflowDispatch');
  if (Object.keys(body.inputs).length > dispatchInputsMax)
    throw new GithubError(
      422,
      `Invalid request.\n\nNo more than ${dispatchInputsMax} properties are allowed.`,
    );
  const ref = body.ref.replace(/^refs\/(heads|tags)\//, '');
  const isRef = repository.refs.has(`refs/heads/${ref}`) || repository.refs.has(`refs/tags/${ref}`);
  const commit = isRef ? resolveCommit(repository, ref) : undefined;
  // A dispatch takes a branch or a tag; a sha alone is refused as well.
  if (!commit) throw new GithubError(422, `No ref found for: ${body.ref}`);
  const file = workflowAt(commit, workflow);
  if (workflow.state !== 'active')
    throw new GithubError(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow");
  if (!file?.dispatchInputs) throw new GithubError(422, "Workflow does not have 'workflow_dispatch' trigger");
  const checked = checkInputs(file.dispatchInputs, body.inputs, [...repository.environments.keys()]);
  if ('refusal' in checked) throw new GithubError(422, checked.refusal);
  const run = engine.start(repository, {
    workflow,
    file,
    event: 'workflow_dispatch',
    inputs: checked.values,
    headRef: ref,
    headSha: commit.sha,
    actor: call.caller.account.login,
  });
  const version = call.headers.get('x-github-api-version') ?? '';
  if (!body.return_run_details && version < versionWithRunDetails) return noContent;
  return json(200, {
    workflow_run_id: run.id,
    run_url: `${apiUrl(state, repository)}/actions/runs/${run.id}`,
    html_url: `${webUrl(state, repository)}/actions/runs/${run.id}`,
  });
}

export function workflowOf(call: RepositoryCall): WorkflowRef {
  const workflow = findWorkflow(call.repository, call.params.workflow ?? '');
  if (!workflow) throw notFound();
  return workflow;
}

function shapeOf(call: RepositoryCall, workflow: WorkflowRef) {
  return workflowShape(call.state, call.repository, workflow, fileOf(call.repository, workflow));
}

function fileOf(repository: Repository, workflow: WorkflowRef): WorkflowFile {
  const head = resolveCommit(repository, repository.defaultBranch);
  return (
    workflowAt(head, workflow) ?? {
      name: workflow.path,
      runName: undefined,
      events: [],
      dispatchInputs: undefined,
      jobs: [],
    }
  );
}
