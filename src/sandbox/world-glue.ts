/** What ties the boxes into one world: a Deploy run that succeeds sets the image on the cluster, as a real one would. */
import type { ClusterBox } from './cluster/box.ts';
import type { GithubBox } from './github/box.ts';

/** Returns how to cut the tie. */
export function connectBoxes(github: GithubBox, cluster: ClusterBox): () => Promise<void> {
  const cut = github.control.onWorkflowRunCompleted((run) => {
    if (run.conclusion !== 'success') return;
    const { version, environment } = run.inputs;
    if (version === undefined || environment === undefined) return;
    const service = run.repository.split('/')[1] ?? run.repository;
    const number = version.replace(/^v/, '');
    cluster.control.setImage({
      namespace: `${service}-${environment}`,
      deployment: service,
      image: `registry.acme.example/${service}:${number}`,
      version: number,
    });
  });
  return async () => cut();
}
