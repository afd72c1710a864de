/**
 * What ties the boxes into one world: a Deploy run that succeeds sets the image on the cluster, as a real one would, and
 * what is merged into the GitOps repository is brought there a little later, as a controller would.
 */
import { parse } from 'yaml';
import { z } from 'zod';
import type { WorldClock } from './clock.ts';
import type { ClusterBox } from './cluster/box.ts';
import type { GithubBox } from './github/box.ts';
import type { Push } from './github/pushes.ts';

/** Ours: a controller that looks every few minutes would make a dull demonstration. */
const syncMs = 5_000;

/** Returns how to cut the tie. */
export function connectBoxes(github: GithubBox, cluster: ClusterBox, clock: WorldClock): () => Promise<void> {
  const cuts = [
    github.control.onWorkflowRunCompleted((run) => {
      if (run.conclusion !== 'success') return;
      const { version, environment } = run.inputs;
      if (version === undefined || environment === undefined) return;
      const service = run.repository.split('/')[1] ?? run.repository;
      setImage(cluster, service, environment, version.replace(/^v/, ''));
    }),
    github.control.onPush((push) => {
      for (const { service, environment, tag } of wantedAnew(push)) {
        clock.after(syncMs, () => setImage(cluster, service, environment, tag));
      }
    }),
  ];
  return async () => {
    for (const cut of cuts) cut();
  };
}

function setImage(cluster: ClusterBox, service: string, environment: string, tag: string): void {
  cluster.control.setImage({
    namespace: `${service}-${environment}`,
    deployment: service,
    image: `registry.acme.example/${service}:${tag}`,
    version: tag,
  });
}

const kustomizationPath = /^([a-z0-9-]+)\/([a-z0-9-]+)\/kustomization\.ya?ml$/;
const kustomizationSchema = z.object({
  images: z.array(z.object({ newTag: z.coerce.string() })).default([]),
});

/** Of the GitOps repository's main branch: every kustomization whose tag is another than before. */
function wantedAnew({ repository, branch, before, after }: Push) {
  if (repository !== 'gitops' || branch !== 'main') return [];
  return [...after].flatMap(([path, text]) => {
    const [, service, environment] = kustomizationPath.exec(path) ?? [];
    const tag = tagIn(text);
    if (service === undefined || environment === undefined || tag === undefined) return [];
    return tagIn(before.get(path) ?? '') === tag ? [] : [{ service, environment, tag }];
  });
}

function tagIn(text: string): string | undefined {
  return kustomizationSchema.safeParse(parse(text)).data?.images[0]?.newTag;
}
