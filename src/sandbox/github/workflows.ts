/** The workflows of a repository: files below `.github/workflows` of its default branch. */
import { resolveCommit } from './git.ts';
import type { Commit, GithubState, Repository, WorkflowRef } from './state.ts';
import { parseWorkflow, type WorkflowFile } from './workflow-file.ts';

const folder = '.github/workflows/';

/** Registers workflow files that appeared on the default branch; one that vanished keeps its id and its runs. */
export function syncWorkflows(state: GithubState, repository: Repository): void {
  const head = resolveCommit(repository, repository.defaultBranch);
  for (const path of head?.files.keys() ?? []) {
    if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path) || repository.workflows.has(path)) continue;
    repository.workflows.set(path, {
      id: 200_000 + repository.id + repository.workflows.size * 1_000_000,
      path,
      createdAt: Math.min(repository.pushedAt, state.clock.now()),
      state: 'active',
    });
  }
}

/** By id or by file name, as the API takes both. */
export function findWorkflow(repository: Repository, idOrFile: string): WorkflowRef | undefined {
  const decoded = idOrFile.replace(folder, '');
  return [...repository.workflows.values()].find(
    (one) => String(one.id) === decoded || one.path === `${folder}${decoded}`,
  );
}

/** The file as it stands at a commit. `undefined` when it is not there or GitHub could not read it. */
export function workflowAt(commit: Commit | undefined, workflow: WorkflowRef): WorkflowFile | undefined {
  const text = commit?.files.get(workflow.path);
  if (text === undefined) return undefined;
  try {
    return parseWorkflow(text, workflow.path);
  } catch {
    return undefined;
  }
}
