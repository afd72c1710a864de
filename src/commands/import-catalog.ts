/** `greenlight catalog import`: services and groups from elsewhere, shown as a diff of the catalog and written when asked. */
import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { readBackstage } from '../catalog/import/backstage.ts';
import { type Labelled, readClusterLabels } from '../catalog/import/cluster-labels.ts';
import type { Found } from '../catalog/import/found.ts';
import { type Merged, mergeIntoCatalog } from '../catalog/import/merge.ts';
import { readCatalog } from '../catalog/read-catalog.ts';
import type { CatalogFile } from '../core/catalog.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { formatMistake, type Source } from '../documents/document.ts';
import { connectCluster } from '../platforms/kubernetes/cluster.ts';
import { loadKubeconfig } from '../platforms/kubernetes/kubeconfig.ts';

export interface ImportOptions {
  /** The catalog's file. */
  readonly catalog: string;
  /** Files, and folders that are searched for `*.yaml`, `*.yml` and `*.json`. */
  readonly backstage: readonly string[];
  /** Names of clusters in the catalog. */
  readonly clusters: readonly string[];
  readonly kubeconfig?: string | { readonly literal: string };
  readonly organisation?: string;
  /** Without it the file stays as it is. */
  readonly isWritten: boolean;
}

/**
 * Prints what would change, what was left out and why.
 * @throws ProblemError `bad_input` when the catalog cannot be read, before or after.
 */
export async function importCatalog(options: ImportOptions, write: (line: string) => void): Promise<Merged> {
  const text = await readFile(options.catalog, 'utf8');
  const before = accepted({ file: options.catalog, text });
  const found = [await fromBackstage(options), ...(await fromClusters(options, before))];
  let merged: Merged = { text, added: [], completed: [], left: [] };
  for (const one of found) {
    const next = mergeIntoCatalog(merged.text, one);
    merged = {
      text: next.text,
      added: [...merged.added, ...next.added],
      completed: [...merged.completed, ...next.completed],
      left: [...merged.left, ...next.left],
    };
  }
  // What would not be read any more is never written.
  accepted({ file: `${options.catalog} after the import`, text: merged.text });
  tell(options, text, merged, write);
  if (options.isWritten && merged.text !== text) await replaceFile(options.catalog, merged.text);
  return merged;
}

function tell(options: ImportOptions, before: string, merged: Merged, write: (line: string) => void): void {
  const { catalog, isWritten } = options;
  if (merged.text === before) write('The catalog has all of it already.');
  else
    write(
      createTwoFilesPatch(
        catalog,
        catalog,
        before,
        merged.text,
        'now',
        isWritten ? 'written' : 'after --write',
      ),
    );
  for (const { what, why } of merged.left) write(`left out: ${what}: ${why}`);
  write(
    `${merged.added.length} added, ${merged.completed.length} completed, ${merged.left.length} left out.${
      isWritten || merged.text === before ? '' : ' Nothing is written yet: add --write.'
    }`,
  );
}

async function fromBackstage({ backstage, organisation }: ImportOptions): Promise<Found> {
  const files = (await Promise.all(backstage.map(filesIn))).flat().sort();
  const sources = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(file, 'utf8') })),
  );
  return readBackstage(sources, organisation === undefined ? {} : { organisation });
}

async function filesIn(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const inside = await readdir(path, { recursive: true, withFileTypes: true });
  return inside
    .filter((entry) => entry.isFile() && /\.(?:ya?ml|json)$/u.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function fromClusters(options: ImportOptions, catalog: CatalogFile): Promise<Found[]> {
  const { clusters, kubeconfig, organisation } = options;
  return Promise.all(
    clusters.map(async (cluster) =>
      readClusterLabels(await labelledIn(cluster, catalog, kubeconfig), {
        cluster,
        known: new Set(Object.keys(catalog.services)),
        ...(organisation === undefined ? {} : { organisation }),
      }),
    ),
  );
}

async function labelledIn(
  name: string,
  catalog: CatalogFile,
  kubeconfig: ImportOptions['kubeconfig'],
): Promise<Labelled[]> {
  const known = catalog.clusters[name];
  if (!known || kubeconfig === undefined) {
    const sentence = known ? 'No kubeconfig is given.' : `The catalog has no cluster "${name}".`;
    const next = known
      ? 'Name one with --kubeconfig.'
      : `It has ${Object.keys(catalog.clusters).join(', ')}.`;
    throw new ProblemError(problem('bad_input', sentence, next));
  }
  const connected = connectCluster({
    kubeconfig: loadKubeconfig(kubeconfig),
    context: known.context,
    name,
    fieldManager: 'greenlight',
  });
  try {
    const deployments = await connected.list({ apiVersion: 'apps/v1', kind: 'Deployment' });
    return deployments.map(({ metadata }) => ({
      namespace: metadata.namespace ?? 'default',
      name: metadata.name,
      labels: metadata.labels ?? {},
      annotations: metadata.annotations ?? {},
    }));
  } finally {
    await connected.close();
  }
}

function accepted(source: Source): CatalogFile {
  const read = readCatalog(source);
  if (read.ok) return read.value;
  throw new ProblemError(
    problem('bad_input', read.mistakes.map(formatMistake).join('\n'), 'Mend it and import again.'),
  );
}

/** At once: a bot that watches the file never sees half of it. */
async function replaceFile(path: string, text: string): Promise<void> {
  const beside = `${path}.${process.pid}.new`;
  await writeFile(beside, text, { flag: 'wx' });
  await rename(beside, path);
}
