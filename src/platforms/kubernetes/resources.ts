/**
 * Where objects of a kind live: asked of the server itself, so that custom resources work like built-in ones.
 */
import { z } from 'zod';
import type { ManifestRef } from '../../core/cluster.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { StatusError, type Transport } from './transport.ts';

const resourceListSchema = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});
type Resource = z.infer<typeof resourceListSchema>['resources'][number];

type Kind = Pick<ManifestRef, 'apiVersion' | 'kind'>;

export interface Resources {
  /**
   * The path of one object.
   * @throws ProblemError `not_found` when the cluster knows no such kind, `bad_input` when a namespace is missing.
   */
  pathOf(ref: ManifestRef): Promise<string>;
  /** The path of all objects of its kind, in its namespace. @throws ProblemError as `pathOf` does. */
  collectionOf(ref: ManifestRef): Promise<string>;
  /** The path of all objects of a kind, in all namespaces. @throws ProblemError `not_found` for an unknown kind. */
  everywhere(ref: Kind): Promise<string>;
}

/** Kinds are remembered; one that is not known is asked for again, because definitions can be added meanwhile. */
export function createResources(transport: Transport, cluster: string): Resources {
  const known = new Map<string, readonly Resource[]>();

  const find = async (ref: Kind): Promise<Resource> => {
    const remembered = known.get(ref.apiVersion)?.find((one) => one.kind === ref.kind);
    if (remembered) return remembered;
    const listed = await list(transport, groupPath(ref.apiVersion));
    known.set(ref.apiVersion, listed);
    const found = listed.find((one) => one.kind === ref.kind);
    if (!found) throw unknownKind(ref, cluster);
    return found;
  };

  const collectionOf = async (ref: ManifestRef): Promise<string> => {
    const resource = await find(ref);
    if (resource.namespaced && !ref.namespace) throw namespaceMissing(ref);
    // A server would silently drop the namespace, and what was to stay in one would be of the whole cluster.
    if (!resource.namespaced && ref.namespace) throw namespaceInVain(ref, cluster);
    const room = resource.namespaced ? `/namespaces/${encodeURIComponent(ref.namespace ?? '')}` : '';
    return `${groupPath(ref.apiVersion)}${room}/${resource.name}`;
  };

  return {
    collectionOf,
    everywhere: async (ref) => `${groupPath(ref.apiVersion)}/${(await find(ref)).name}`,
    pathOf: async (ref) => `${await collectionOf(ref)}/${encodeURIComponent(ref.name)}`,
  };
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Without subresources ("pods/log"), which carry the kinds of others. */
async function list(transport: Transport, path: string): Promise<readonly Resource[]> {
  try {
    const { resources } = resourceListSchema.parse(await transport.call({ method: 'GET', path }));
    return resources.filter((resource) => !resource.name.includes('/'));
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return [];
    throw error;
  }
}

function unknownKind(ref: Kind, cluster: string): ProblemError {
  return new ProblemError(
    problem(
      'not_found',
      `The cluster ${cluster} has no kind ${ref.kind} in ${ref.apiVersion}.`,
      'Ask the platform team to install it there, or choose another blueprint.',
    ),
  );
}

function namespaceInVain(ref: ManifestRef, cluster: string): ProblemError {
  return new ProblemError(
    problem(
      'outside_refused',
      `${ref.kind} ${ref.name} would be of the whole cluster ${cluster}: its kind has no namespace.`,
      'Tell the platform team: the catalog must allow that kind (environments.outside).',
    ),
  );
}

function namespaceMissing(ref: ManifestRef): ProblemError {
  return new ProblemError(
    problem(
      'bad_input',
      `${ref.kind} ${ref.name} must name its namespace.`,
      'Tell the platform team which blueprint you chose.',
    ),
  );
}
