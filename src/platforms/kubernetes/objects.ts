/** Objects of any kind: listed, changed in part, and compared with what was applied. */
import { z } from 'zod';
import type { BeforeWrite } from '../../core/before-write.ts';
import type { Cluster, Manifest, ManifestRef } from '../../core/cluster.ts';
import { listAll } from './list.ts';
import type { Resources } from './resources.ts';
import { StatusError, type Transport } from './transport.ts';

type Objects = Pick<Cluster, 'list' | 'merge' | 'reapply' | 'differences'>;

/** `attempt`: turns what is thrown into a problem that names the object. */
export function createObjects(
  transport: Transport,
  resources: Resources,
  fieldManager: string,
  attempt: <Value>(about: string, call: () => Promise<Value>) => Promise<Value>,
): Objects {
  const applied = async (
    manifest: Manifest,
    { dryRun, beforeWrite }: { readonly dryRun: boolean; readonly beforeWrite?: BeforeWrite | undefined },
  ): Promise<unknown> => {
    const path = await resources.pathOf(refOf(manifest));
    beforeWrite?.();
    return transport.call({
      method: 'PATCH',
      path,
      // Forced: what others have set since is what is asked about, or taken back.
      query: {
        fieldManager,
        force: 'true',
        fieldValidation: 'Strict',
        ...(dryRun ? { dryRun: 'All' } : {}),
      },
      contentType: 'application/apply-patch+yaml',
      body: manifest,
    });
  };

  return {
    list: ({ apiVersion, kind, namespace, labels = {} }) =>
      attempt(`${kind} objects${namespace === undefined ? '' : ` in ${namespace}`}`, async () => {
        const path =
          namespace === undefined
            ? await resources.everywhere({ apiVersion, kind })
            : await resources.collectionOf({ apiVersion, kind, name: '', namespace });
        const labelSelector = Object.entries(labels)
          .map(([label, value]) => `${label}=${value}`)
          .join(',');
        const items = await listAll(
          transport,
          path,
          itemSchema,
          labelSelector === '' ? {} : { labelSelector },
        );
        // A list says once what its items are, and they do not repeat it.
        return items.map((item) => ({ ...item, apiVersion, kind }) as Manifest);
      }),

    merge: (ref, change, beforeWrite) =>
      attempt(`${ref.kind} ${ref.name}`, async () => {
        try {
          const path = await resources.pathOf(ref);
          beforeWrite?.();
          await transport.call({
            method: 'PATCH',
            path,
            query: { fieldManager },
            contentType: 'application/merge-patch+json',
            body: change,
          });
          return 'changed';
        } catch (error) {
          if (isMissing(error)) return 'missing';
          throw error;
        }
      }),

    reapply: (manifest, beforeWrite) =>
      attempt(`${manifest.kind} ${manifest.metadata.name}`, async () => {
        await applied(manifest, { dryRun: false, beforeWrite });
      }),

    differences: (manifest) =>
      attempt(`${manifest.kind} ${manifest.metadata.name}`, async () => {
        let live: unknown;
        try {
          live = await transport.call({ method: 'GET', path: await resources.pathOf(refOf(manifest)) });
        } catch (error) {
          if (isMissing(error)) return 'missing';
          throw error;
        }
        return pathsOf(itemSchema.parse(live), itemSchema.parse(await applied(manifest, { dryRun: true })));
      }),
  };
}

const itemSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});

/** What the server counts and stamps by itself. */
const serversOwn = new Set([
  'status',
  'metadata.managedFields',
  'metadata.resourceVersion',
  'metadata.generation',
]);

/** Where two objects differ, `spec.template.spec.containers[web].image`; without what is there: it may be secret. */
function pathsOf(one: unknown, other: unknown, path = ''): string[] {
  if (serversOwn.has(path)) return [];
  if (Array.isArray(one) && Array.isArray(other)) {
    const names = new Set([...one.entries(), ...other.entries()].map(([index, item]) => nameOf(item, index)));
    const find = (items: readonly unknown[], name: string) =>
      items.find((item, index) => nameOf(item, index) === name);
    return [...names].flatMap((name) => pathsOf(find(one, name), find(other, name), `${path}[${name}]`));
  }
  if (isRecord(one) && isRecord(other)) {
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...names].flatMap((name) =>
      pathsOf(one[name], other[name], path === '' ? name : `${path}.${name}`),
    );
  }
  return one === other ? [] : [path];
}

function nameOf(item: unknown, index: number): string {
  return isRecord(item) && typeof item.name === 'string' ? item.name : String(index);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function isMissing(error: unknown): boolean {
  return error instanceof StatusError && error.code === 404 && error.status.reason === 'NotFound';
}

function refOf({ apiVersion, kind, metadata: { name, namespace } }: Manifest): ManifestRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}
