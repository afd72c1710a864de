/**
 * A real cluster behind the `Cluster` port, through the API server's own REST API.
 *
 * Every call is bounded in time and made once: whoever calls decides whether to try again, from the problem's
 * `isTransient` and `retryAfterMs`. All writes go out under one field manager, so that what we manage, and what
 * others do, can be told apart by the server itself.
 */
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { BeforeWrite } from '../../core/before-write.ts';
import type { Cluster, Manifest, ManifestRef } from '../../core/cluster.ts';
import type { Moment } from '../../core/ids.ts';
import type { Scheduler } from '../../core/ports.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { listOf } from '../../core/text.ts';
import { diagnose } from './diagnose.ts';
import { createImages } from './images.ts';
import { readJobLogs } from './job-logs.ts';
import { withContext } from './kubeconfig.ts';
import { listAll } from './list.ts';
import { createLive } from './live.ts';
import { createObjects } from './objects.ts';
import { createOperations } from './operations.ts';
import { noDeployment, problemOf } from './problems.ts';
import { roomFor } from './quota.ts';
import { waitsFor } from './removal.ts';
import { createResources } from './resources.ts';
import { withSecretValues } from './secret-values.ts';
import { type AnyObject, anyObjectSchema, deploymentSchema, quotaSchema } from './shapes.ts';
import { createSight } from './sight.ts';
import { createTransport, StatusError } from './transport.ts';
import { mergeWarnings } from './warnings.ts';

export interface ClusterOptions {
  readonly kubeconfig: KubeConfig;
  /** The context of the kubeconfig; also what people read in sentences, unless `name` is given. */
  readonly context: string;
  readonly name?: string;
  /** Who we are to server-side apply: 1 to 128 printable characters, and never changed once in use. */
  readonly fieldManager: string;
  /** Of one call, in milliseconds; 10,000 when not given. */
  readonly timeoutMs?: number;
  /** Only to tell what was recent. */
  readonly now?: () => Moment;
  /** Lets time pass for what follows the cluster; the machine's own when not given. */
  readonly scheduler?: Scheduler;
  /** From 0 to 1: spreads what begins together. */
  readonly draw?: () => number;
  /** Whether people's reads run with their own rights (catalog, `impersonate`). */
  readonly isImpersonating?: () => boolean;
}

/** How long one call may take. A healthy API server answers in well under a second. */
const clusterTimeoutMs = 10_000;

/** Holds nobody back from ending: what follows a cluster is let go with it. */
const machineScheduler: Scheduler = {
  after(delayMs, fire) {
    const timer = setTimeout(fire, delayMs).unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

/** Lets go of the connections it keeps. */
export interface ConnectedCluster extends Cluster {
  close(): Promise<void>;
}

/**
 * Makes no call by itself: a cluster that is away is found out at the first use.
 * @throws ProblemError `bad_input` when the kubeconfig has no such context.
 */
export function connectCluster(options: ClusterOptions): ConnectedCluster {
  const name = options.name ?? options.context;
  const now = options.now ?? Date.now;
  const transport = createTransport(
    withContext(options.kubeconfig, options.context),
    options.timeoutMs ?? clusterTimeoutMs,
  );
  const resources = createResources(transport, name);

  const attempt = async <Value>(about: string, call: () => Promise<Value>): Promise<Value> => {
    try {
      return await call();
    } catch (error) {
      throw problemOf(error, name, about);
    }
  };

  const get = async (path: string): Promise<unknown> => {
    try {
      return await transport.call({ method: 'GET', path });
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };

  const live = createLive(transport, now);
  const sight = createSight({
    transport,
    name,
    clock: { now },
    scheduler: options.scheduler ?? machineScheduler,
    draw: options.draw ?? Math.random,
    isImpersonating: options.isImpersonating ?? (() => false),
  });

  return {
    apply: (manifest, beforeWrite) =>
      attempt(nameOf(refOf(manifest)), async () => {
        const ref = refOf(manifest);
        const path = await resources.pathOf(ref);
        beforeWrite?.();
        const applied = await transport.call({
          method: 'PATCH',
          path,
          // Not forced: what another manager has set is theirs, and the conflict names them.
          query: { fieldManager: options.fieldManager, force: 'false', fieldValidation: 'Strict' },
          contentType: 'application/apply-patch+yaml',
          body: manifest,
        });
        // An object on its way out takes changes, and is gone a moment later all the same.
        const object = anyObjectSchema.parse(applied);
        if (object.metadata.deletionTimestamp) throw stillGoing(ref, name, object);
      }),

    create: (manifest, beforeWrite) => createOnce(manifest, beforeWrite),

    wouldMake: async (manifest) => (await createOnce(manifest, undefined, { dryRun: 'All' })) === 'made',

    createSecret: (manifest, generated, beforeWrite) =>
      createOnce(withSecretValues(manifest, generated), beforeWrite),

    read: (ref) =>
      attempt(nameOf(ref), async () => (await get(await resources.pathOf(ref))) as Manifest | undefined),

    remove: (ref, onlyIf, beforeWrite) =>
      attempt(nameOf(ref), async () => {
        const path = await resources.pathOf(ref);
        const found = await get(path);
        if (found === undefined) return { state: 'gone' };
        const object = anyObjectSchema.parse(found);
        refuseForeign(ref, name, object, onlyIf);
        if (object.metadata.deletionTimestamp) return { state: 'going', waitsFor: waitsFor(object) };
        beforeWrite?.();
        const left = await deleteObject(path, ref, object.metadata.uid);
        return left ? { state: 'going', waitsFor: waitsFor(left) } : { state: 'gone' };
      }),

    ...createObjects(transport, resources, options.fieldManager, attempt),

    workload: (namespace, deployment) =>
      attempt(`Deployment ${deployment} in ${namespace}`, async () => {
        const evidence = await live.gather(namespace, deployment);
        return evidence && diagnose(evidence);
      }),

    ...createOperations({ transport, fieldManager: options.fieldManager, name, attempt }),

    room: (namespace, deployment) =>
      attempt(`the quota of ${namespace}`, async () => {
        const quotas = await listAll(transport, `${core(namespace)}/resourcequotas`, quotaSchema);
        if (quotas.length === 0) return undefined;
        const found = await get(deploymentPath(namespace, deployment));
        return found === undefined ? undefined : roomFor(deploymentSchema.parse(found), quotas);
      }),

    logs: (namespace, deployment, most) =>
      attempt(`Deployment ${deployment} in ${namespace}`, async () => {
        const logs = await live.logs(namespace, deployment, most);
        if (!logs) throw noDeployment(namespace, deployment, name);
        return logs;
      }),

    ...createImages({ transport, fieldManager: options.fieldManager, name, attempt }),

    jobLogs: (namespace, job, lines) =>
      attempt(`Job ${job} in ${namespace}`, () => readJobLogs(transport, namespace, job, lines)),

    warnings: (namespace, limit) =>
      attempt(`the events of ${namespace}`, async () =>
        mergeWarnings(await live.warningEvents(namespace), limit),
      ),

    view: (viewer) => sight.view(viewer),

    async close() {
      await sight.close();
      await transport.close();
    },
  };

  function createOnce(
    manifest: Manifest,
    beforeWrite?: BeforeWrite,
    more: Readonly<Record<string, string>> = {},
  ): Promise<'made' | 'taken'> {
    return attempt(nameOf(refOf(manifest)), async () => {
      const path = await resources.collectionOf(refOf(manifest));
      beforeWrite?.();
      try {
        await transport.call({
          method: 'POST',
          path,
          query: { fieldManager: options.fieldManager, fieldValidation: 'Strict', ...more },
          body: manifest,
        });
        return 'made';
      } catch (error) {
        if (error instanceof StatusError && error.status.reason === 'AlreadyExists') return 'taken';
        throw error;
      }
    });
  }

  /** What is left of it; `undefined` when it is gone. */
  async function deleteObject(path: string, ref: ManifestRef, uid: string): Promise<AnyObject | undefined> {
    try {
      const answer = await transport.call({
        method: 'DELETE',
        path,
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          // Between our look at its labels and now, another of the same name may have taken its place.
          preconditions: { uid },
          propagationPolicy: ownsPods.has(ref.kind) ? 'Foreground' : 'Background',
        },
      });
      const object = anyObjectSchema.safeParse(answer).data;
      return object?.metadata.deletionTimestamp ? object : undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

const core = (namespace: string) => `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
const apps = (namespace: string) => `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}`;
const deploymentPath = (namespace: string, name: string) =>
  `${apps(namespace)}/deployments/${encodeURIComponent(name)}`;

/** Said by an API server about this object; a 404 of anything in between, or of a wrong address, proves nothing. */
function isMissing(error: unknown): boolean {
  return error instanceof StatusError && error.code === 404 && error.status.reason === 'NotFound';
}

/** These are gone only when their Pods are: "gone" must mean that nothing runs any more. */
const ownsPods = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob']);

function refOf(manifest: Manifest): ManifestRef {
  const { name, namespace } = manifest.metadata;
  return {
    apiVersion: manifest.apiVersion,
    kind: manifest.kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
  };
}

function nameOf(ref: ManifestRef): string {
  return `${ref.kind} ${ref.name}${ref.namespace === undefined ? '' : ` in ${ref.namespace}`}`;
}

function refuseForeign(
  ref: ManifestRef,
  cluster: string,
  object: AnyObject,
  onlyIf: Readonly<Record<string, string>>,
): void {
  const missing = Object.entries(onlyIf).filter(([label, value]) => object.metadata.labels[label] !== value);
  if (missing.length === 0) return;
  const labels = listOf(missing.map(([label, value]) => `${label}=${value}`));
  throw new ProblemError(
    problem(
      'conflict',
      `${nameOf(ref)} in the cluster ${cluster} is not ours: it lacks the label ${labels}.`,
      'Nothing was deleted. Ask whoever made it, or delete it by hand.',
    ),
  );
}

function stillGoing(ref: ManifestRef, cluster: string, object: AnyObject): ProblemError {
  return new ProblemError(
    problem(
      'conflict',
      `${nameOf(ref)} in the cluster ${cluster} is still being deleted: ${waitsFor(object)}.`,
      'Wait until it is gone, or choose another name.',
      { isTransient: true },
    ),
  );
}
