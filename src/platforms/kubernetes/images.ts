/** What a Deployment runs: its image changed, and what it ran before put back. */
import { z } from 'zod';
import type { Revision, Revisions } from '../../core/cluster.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { listOf } from '../../core/text.ts';
import { patchFenced } from './fenced-patch.ts';
import { listAll } from './list.ts';
import { labelSelector } from './selector.ts';
import { deploymentSchema } from './shapes.ts';
import { StatusError, type Transport } from './transport.ts';

/** Where the Deployment's controller counts its ReplicaSets. */
const revisionAnnotation = 'deployment.kubernetes.io/revision';
const hashLabel = 'pod-template-hash';
const versionLabel = 'app.kubernetes.io/version';

/** With all that we do not read: a rollback puts the whole of it back. */
const templateSchema = z.looseObject({
  metadata: z.looseObject({ labels: z.record(z.string(), z.string()).default({}) }).prefault({}),
  spec: z.looseObject({
    containers: z.array(z.looseObject({ name: z.string(), image: z.string().default('') })),
  }),
});

const revisionSchema = z.object({
  metadata: z.object({
    creationTimestamp: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
    ownerReferences: z.array(z.object({ uid: z.string() })).default([]),
  }),
  spec: z.object({ template: z.unknown() }),
});

export interface ImagesOptions {
  readonly transport: Transport;
  readonly fieldManager: string;
  /** The cluster's, for sentences. */
  readonly name: string;
  attempt<Value>(about: string, call: () => Promise<Value>): Promise<Value>;
}

export function createImages({ transport, fieldManager, name, attempt }: ImagesOptions): Revisions {
  const paths = (namespace: string) => `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}`;
  const pathOf = (namespace: string, deployment: string) =>
    `${paths(namespace)}/deployments/${encodeURIComponent(deployment)}`;
  const aboutOf = (namespace: string, deployment: string) => `Deployment ${deployment} in ${namespace}`;

  async function deploymentAt(namespace: string, deployment: string) {
    try {
      const found = await transport.call({ method: 'GET', path: pathOf(namespace, deployment) });
      return deploymentSchema.parse(found);
    } catch (error) {
      if (error instanceof StatusError && error.code === 404 && error.status.reason === 'NotFound') {
        throw new ProblemError(
          problem(
            'not_found',
            `There is no ${aboutOf(namespace, deployment)} in the cluster ${name}.`,
            'See what the catalog says of this service, and whether it was ever deployed there.',
          ),
        );
      }
      throw error;
    }
  }

  async function keptRevisions(namespace: string, deployment: string) {
    const { metadata, spec } = await deploymentAt(namespace, deployment);
    const sets = await listAll(transport, `${paths(namespace)}/replicasets`, revisionSchema, {
      labelSelector: labelSelector(spec.selector),
    });
    return sets
      .filter((set) => set.metadata.ownerReferences.some((owner) => owner.uid === metadata.uid))
      .map(({ metadata: { annotations, creationTimestamp }, spec: { template } }) => ({
        number: Number(annotations[revisionAnnotation] ?? 0),
        madeAt: Date.parse(creationTimestamp),
        template: templateSchema.parse(template),
      }))
      .sort((a, b) => b.number - a.number);
  }

  return {
    image: (namespace, deployment, container) =>
      attempt(aboutOf(namespace, deployment), async () => {
        const { spec } = await deploymentAt(namespace, deployment);
        const { containers } = spec.template.spec;
        return containerNamed(containers, container, aboutOf(namespace, deployment)).image;
      }),

    setImage: (order) =>
      attempt(aboutOf(order.namespace, order.deployment), async () => {
        const { namespace, deployment, version, fence } = order;
        const { spec } = await deploymentAt(namespace, deployment);
        const about = aboutOf(namespace, deployment);
        const { name: container } = containerNamed(spec.template.spec.containers, order.container, about);
        const labels = version === undefined ? {} : { labels: { [versionLabel]: labelOf(version) } };
        await patchFenced(transport, {
          ...{ path: pathOf(namespace, deployment), fieldManager, fence, about, isStrategic: true },
          body: {
            metadata: labels,
            spec: {
              template: { metadata: labels, spec: { containers: [{ name: container, image: order.image }] } },
            },
          },
        });
      }),

    revisions: (namespace, deployment) =>
      attempt(aboutOf(namespace, deployment), async () =>
        (await keptRevisions(namespace, deployment)).map(({ number, madeAt, template }): Revision => {
          const image = template.spec.containers[0]?.image ?? '';
          return { number, madeAt, image, version: template.metadata.labels[versionLabel] ?? tagOf(image) };
        }),
      ),

    rollBack: ({ namespace, deployment, revision, fence }) =>
      attempt(aboutOf(namespace, deployment), async () => {
        const about = aboutOf(namespace, deployment);
        const found = (await keptRevisions(namespace, deployment)).find((one) => one.number === revision);
        if (!found) throw noRevision(revision, about);
        const { [hashLabel]: _hash, ...labels } = found.template.metadata.labels;
        const version = labels[versionLabel];
        await patchFenced(transport, {
          ...{ path: pathOf(namespace, deployment), fieldManager, fence, about, isStrategic: true },
          body: {
            ...(version === undefined ? {} : { metadata: { labels: { [versionLabel]: version } } }),
            // The whole of it: what has been added to the template since would otherwise stay.
            spec: {
              template: {
                $patch: 'replace',
                ...found.template,
                metadata: { ...found.template.metadata, labels },
              },
            },
          },
        });
      }),
  };
}

function containerNamed<Container extends { readonly name: string }>(
  containers: readonly Container[],
  wanted: string | undefined,
  about: string,
): Container {
  const found = wanted === undefined ? containers : containers.filter((one) => one.name === wanted);
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  throw new ProblemError(
    problem(
      'not_found',
      wanted === undefined
        ? `${about} has ${containers.length} containers: ${listOf(containers.map((one) => one.name))}.`
        : `${about} has no container ${wanted}.`,
      'Say in the catalog which container the service is (deploy.container).',
    ),
  );
}

/** A label's value takes fewer characters than a version may have (kubernetes.io, "Labels and Selectors"). */
function labelOf(version: string): string {
  return version
    .replaceAll(/[^\w.-]/g, '_')
    .slice(0, 63)
    .replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}

function tagOf(image: string): string {
  return /:([^:/@]+)(?:@.*)?$/.exec(image)?.[1] ?? '';
}

function noRevision(revision: number, about: string): ProblemError {
  return new ProblemError(
    problem(
      'not_found',
      `${about} no longer keeps its revision ${revision}.`,
      'Deploy a version by its name instead.',
    ),
  );
}
