/**
 * What the cache follows, and how little of it: a Pod of some ten kilobytes becomes one of some hundred bytes. What is
 * not named in `shapes.ts` was dropped when it was read; here goes what only live reads need.
 */
import type { z } from 'zod';
import {
  deploymentSchema,
  eventSchema,
  nodeSchema,
  podSchema,
  quotaSchema,
  replicaSetSchema,
} from '../shapes.ts';

/** An object as the cache holds it: enough of its metadata to be found again. */
export interface Kind<Item> {
  /** As rights name it. */
  readonly plural: string;
  readonly group: '' | 'apps';
  readonly query: Readonly<Record<string, string>>;
  readonly isNamespaced: boolean;
  readonly schema: z.ZodType<Item>;
  trim(item: Item): Item;
  /** Beside `in:<namespace>`, which finds all that is in one. */
  keysOf(item: Item): readonly string[];
  /** Pieces: the bound of the cache's memory. */
  readonly itemsMax: number;
}

type Metadata = z.infer<typeof podSchema>['metadata'];

const nothing: Readonly<Record<string, string>> = Object.freeze({});
const none: readonly never[] = Object.freeze([]);

/** What a list of 5,000 Pods says 5,000 times is held once. */
const known = new Map<string, string>();
const knownMax = 20_000;

const revision = 'deployment.kubernetes.io/revision';
const version = 'app.kubernetes.io/version';
/** A message beyond this is not read to its end in chat either. In characters. */
const messageMax = 1_000;

export const kinds = {
  deployments: kind({
    plural: 'deployments',
    group: 'apps',
    schema: deploymentSchema,
    trim: (item) => ({
      ...item,
      metadata: slim(item.metadata, [version]),
      spec: {
        ...item.spec,
        selector: { matchLabels: nothing, matchExpressions: [...none] },
        template: {
          metadata: { labels: only(item.spec.template.metadata?.labels ?? nothing, [version]) },
          spec: {
            containers: item.spec.template.spec.containers.map(({ name, image }) => ({ name, image })),
          },
        },
      },
    }),
    itemsMax: 20_000,
  }),
  replicasets: kind({
    plural: 'replicasets',
    group: 'apps',
    schema: replicaSetSchema,
    trim: (item) => ({ ...item, metadata: slim(item.metadata) }),
    keysOf: ({ metadata }) => metadata.ownerReferences.map(({ uid }) => `of:${uid}`),
    itemsMax: 100_000,
  }),
  pods: kind({
    plural: 'pods',
    group: '',
    // Of Jobs that are done there can be thousands, and nothing is wrong with any.
    query: { fieldSelector: 'status.phase!=Succeeded' },
    schema: podSchema,
    trim: (item) => ({
      ...item,
      metadata: slim(item.metadata),
      spec: {
        nodeName: once(item.spec.nodeName),
        containers: item.spec.containers.map(trimContainer),
        initContainers: item.spec.initContainers.map(trimContainer),
      },
      status: {
        ...item.status,
        conditions: item.status.conditions.filter(
          (one) => one.status !== 'True' && (one.type === 'Ready' || one.type === 'PodScheduled'),
        ),
        initContainerStatuses: item.status.initContainerStatuses.map(trimStatus),
        containerStatuses: item.status.containerStatuses.map(trimStatus),
      },
    }),
    keysOf: ({ metadata }) => metadata.ownerReferences.map(({ uid }) => `of:${uid}`),
    itemsMax: 50_000,
  }),
  events: kind({
    plural: 'events',
    group: '',
    query: { fieldSelector: 'type=Warning' },
    schema: eventSchema,
    trim: (item) => ({
      ...item,
      metadata: { ...slim(item.metadata), creationTimestamp: item.metadata.creationTimestamp },
      reason: once(item.reason),
      message: item.message.slice(0, messageMax),
    }),
    keysOf: ({ metadata, involvedObject }) => [`about:${metadata.namespace}/${involvedObject.name}`],
    itemsMax: 10_000,
  }),
  resourcequotas: kind({
    plural: 'resourcequotas',
    group: '',
    schema: quotaSchema,
    trim: (item) => ({ ...item, metadata: slim(item.metadata) }),
    itemsMax: 10_000,
  }),
  nodes: kind({
    plural: 'nodes',
    group: '',
    isNamespaced: false,
    schema: nodeSchema,
    trim: (item) => ({ ...item, metadata: slim(item.metadata) }),
    // The largest that Kubernetes is tested with (kubernetes.io, "Considerations for large clusters").
    itemsMax: 5_000,
  }),
} as const;
export type KindName = keyof typeof kinds;
export type ItemOf<Name extends KindName> = z.infer<(typeof kinds)[Name]['schema']>;

/** Fills in what most kinds have in common. */
function kind<Item extends { metadata: Metadata }>(
  of: Pick<Kind<Item>, 'plural' | 'group' | 'schema' | 'trim' | 'itemsMax'> & Partial<Kind<Item>>,
): Kind<Item> {
  const { keysOf, ...rest } = of;
  return {
    query: {},
    isNamespaced: true,
    ...rest,
    keysOf: (item) => [`in:${item.metadata.namespace ?? ''}`, ...(keysOf?.(item) ?? [])],
  };
}

function slim(metadata: Metadata, labels: readonly string[] = none): Metadata {
  return {
    ...metadata,
    ...(metadata.namespace === undefined ? {} : { namespace: once(metadata.namespace) }),
    labels: only(metadata.labels, labels),
    annotations: only(metadata.annotations, [revision]),
    finalizers: none as never,
    ownerReferences: metadata.ownerReferences.map(({ kind: owner, name, uid }) => ({
      kind: once(owner),
      name: once(name),
      uid: once(uid),
    })),
  };
}

function only(labels: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  const kept = names.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]] as const]));
  return kept.length === 0 ? nothing : Object.fromEntries(kept);
}

type Pod = z.infer<typeof podSchema>;

function trimContainer({ name, image, resources }: Pod['spec']['containers'][number]) {
  return { name: once(name), image: once(image), ...(resources ? { resources } : {}) };
}

/** The termination message is left out: it may hold the last lines of a log, and those may hold secrets. */
function trimStatus(status: Pod['status']['containerStatuses'][number]) {
  const state = ({ terminated, ...others }: typeof status.state) => ({
    ...others,
    ...(terminated ? { terminated: { ...terminated, message: '' } } : {}),
  });
  return {
    ...status,
    name: once(status.name),
    image: once(status.image),
    state: state(status.state),
    lastState: state(status.lastState),
  };
}

function once(text: string): string {
  const found = known.get(text);
  if (found !== undefined) return found;
  // Forgotten all at once rather than never: names of Pods and owners come and go.
  if (known.size >= knownMax) known.clear();
  known.set(text, text);
  return text;
}
