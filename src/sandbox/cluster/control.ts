/** What tests and the world panel can do to the cluster that no API of a cluster offers. */
import type { Faults } from '../faults.ts';
import type {
  FailNextResource,
  ObjectReference,
  OperatedKind,
  PodFailure,
  SetImage,
  Workload,
} from '../world-calls.ts';
import type { Tokens, TokenUser } from './authn.ts';
import { change } from './controllers/tools.ts';
import { asJson, copy } from './json.ts';
import { mendResource } from './operators/operator.ts';
import { operatedKinds } from './operators/operators.ts';
import { type Resource, storageOf } from './registry.ts';
import { notFound } from './status.ts';
import type { Deployment, JsonObject, KubeObject } from './types.ts';
import type { Streams } from './verbs/watch.ts';
import type { ClusterWorld } from './world.ts';

export interface ClusterControl {
  /** All Deployments, in the order of their names. */
  workloads(): readonly Workload[];
  /** What a CI pipeline would do: the image of every container of a Deployment. @throws ApiError 404 */
  setImage(wanted: SetImage): void;
  /** The Pods that this workload creates from now on fail in this way, whatever their image is called. */
  failNext(namespace: string, workload: string, failure: PodFailure): void;
  /** Its Pods go well again. */
  stopFailing(namespace: string, workload: string): void;
  /** What the operators look after, and what of it fails. */
  operators(): readonly OperatedKind[];
  /** Their operator fails at the next such custom resource, with this message. */
  failNextResource(next: FailNextResource): void;
  /** Its operator tries again, and it goes well. @throws ApiError 404 */
  mendResource(object: ObjectReference): void;
  /** No Pod of this namespace finds a node any more; `false` lets them. */
  unschedulable(namespace: string, on: boolean): void;
  /** Puts a finalizer on an object, so that its deletion hangs. @throws ApiError 404 */
  stuckFinalizer(object: ObjectReference, finalizer?: string): void;
  /** Takes it off again, as the operator that had died would have. @throws ApiError 404 */
  removeFinalizer(object: ObjectReference, finalizer?: string): void;
  /** Writes the status of any object, custom ones above all, as their operator would. @throws ApiError 404 */
  setStatus(object: ObjectReference, status: JsonObject): void;
  /** A hard limit that refuses every further Pod of the namespace: rollouts stall on it. */
  stallQuota(namespace: string): void;
  /** Takes back `failNext`, `unschedulable` and `stallQuota` for a namespace. Pods that failed stay as they are. */
  makeWell(namespace: string): void;
  /** Forgets the history: watches that resume from before get 410. */
  compact(): void;
  /** Ends every watch and followed log, and forgets the history, as a server that was killed does. */
  restart(): void;
  /** One more bearer token. */
  addUser(user: TokenUser): void;
  /** Any object as it is stored; `undefined` when there is none. */
  read(object: ObjectReference): KubeObject | undefined;
}

export interface ControlOptions {
  readonly world: ClusterWorld;
  readonly tokens: Tokens;
  readonly streams: Streams;
  readonly faults: Faults;
  readonly restart: () => void;
}

const usualFinalizer = 'sandbox.local/stuck';
const stallingQuota = 'sandbox-stall';

export function createControl({ world, tokens, restart }: ControlOptions): ClusterControl {
  const find = (reference: ObjectReference): { resource: Resource; object: KubeObject } => {
    const resource = world.registry.byKind(reference.apiVersion, reference.kind);
    const object = resource && world.store.get(storageOf(resource), reference.namespace, reference.name);
    if (resource && object) return { resource, object };
    const group = reference.apiVersion.includes('/') ? (reference.apiVersion.split('/')[0] ?? '') : '';
    throw notFound({ group, resource: resource?.plural ?? reference.kind, name: reference.name });
  };
  const edit = (reference: ObjectReference, how: (live: KubeObject) => KubeObject, subresource?: string) => {
    change(world, find(reference).object, how, 'sandbox', subresource);
  };

  const troubleOf = (namespace: string, name: string): Workload['trouble'] => {
    if (world.knobs.unschedulable.has(namespace)) return 'unschedulable';
    if (world.store.get('/resourcequotas', namespace, stallingQuota)) return 'quota';
    return world.knobs.failNext.get(`${namespace}/${name}`);
  };

  return {
    workloads: () =>
      world.store.list('apps/deployments').map(({ metadata: { namespace = '', name } }) => {
        const trouble = troubleOf(namespace, name);
        return { namespace, name, ...(trouble === undefined ? {} : { trouble }) };
      }),
    makeWell(namespace) {
      world.knobs.unschedulable.delete(namespace);
      for (const key of world.knobs.failNext.keys())
        if (key.startsWith(`${namespace}/`)) world.knobs.failNext.delete(key);
      const quota = world.store.get('/resourcequotas', namespace, stallingQuota);
      if (quota) world.store.remove('/resourcequotas', quota);
    },
    setImage({ namespace, deployment, image, version }) {
      edit({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: deployment }, (live) => {
        const next = copy(live) as Deployment;
        for (const container of next.spec.template.spec.containers) container.image = image;
        if (version !== undefined) {
          const label = { 'app.kubernetes.io/version': version };
          next.metadata.labels = { ...next.metadata.labels, ...label };
          const { metadata } = next.spec.template;
          next.spec.template.metadata = { ...metadata, labels: { ...metadata?.labels, ...label } };
        }
        return next;
      });
    },
    failNext: (namespace, workload, failure) => {
      world.knobs.failNext.set(`${namespace}/${workload}`, failure);
    },
    stopFailing: (namespace, workload) => {
      world.knobs.failNext.delete(`${namespace}/${workload}`);
    },
    operators: () => operatedKinds(world),
    failNextResource: (next) => {
      world.knobs.failNextResources.push(next);
    },
    mendResource: (reference) => mendResource(world, find(reference).object),
    unschedulable: (namespace, on) => {
      if (on) world.knobs.unschedulable.add(namespace);
      else world.knobs.unschedulable.delete(namespace);
    },
    stuckFinalizer: (reference, finalizer = usualFinalizer) =>
      edit(reference, (live) => withFinalizers(live, [...(live.metadata.finalizers ?? []), finalizer])),
    removeFinalizer: (reference, finalizer = usualFinalizer) =>
      edit(reference, (live) =>
        withFinalizers(
          live,
          (live.metadata.finalizers ?? []).filter((one) => one !== finalizer),
        ),
      ),
    setStatus: (reference, status) =>
      edit(reference, (live) => ({ ...live, status }) as KubeObject, 'status'),
    stallQuota(namespace) {
      const pods = world.store.list('/pods', namespace).length;
      const hard = { pods: String(pods) };
      const meta = {
        name: stallingQuota,
        namespace,
        uid: world.ids.uid(),
        resourceVersion: '',
        creationTimestamp: new Date(world.clock.now()).toISOString().replace(/\.\d+/, ''),
      };
      const quota = {
        kind: 'ResourceQuota',
        apiVersion: 'v1',
        metadata: meta,
        spec: { hard },
        status: { hard, used: hard },
      };
      world.store.put('/resourcequotas', quota as KubeObject);
    },
    compact: () => {
      world.store.compact();
    },
    restart,
    addUser: (user) => tokens.add(user),
    read: (reference) => {
      const resource = world.registry.byKind(reference.apiVersion, reference.kind);
      const object = resource && world.store.get(storageOf(resource), reference.namespace, reference.name);
      return object && copy(object);
    },
  };
}

function withFinalizers(live: KubeObject, finalizers: string[]): KubeObject {
  const metadata = { ...live.metadata, finalizers };
  return { ...asJson(live), metadata } as unknown as KubeObject;
}
