/**
 * The parts of Kubernetes' answers that we look at. The client's own models are not used for reading: they turn
 * moments into Dates and drop what they do not know, and a `Manifest` is the object as the server sent it.
 */
import { z } from 'zod';

const moment = z.string().nullish();
const text = z.string().default('');
const number = z.int().default(0);
const labels = z.record(z.string(), z.string()).default({});

const metadataSchema = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  uid: text,
  generation: number,
  creationTimestamp: moment,
  deletionTimestamp: moment,
  labels,
  annotations: labels,
  finalizers: z.array(z.string()).default([]),
  ownerReferences: z.array(z.object({ kind: z.string(), name: z.string(), uid: z.string() })).default([]),
});

const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: text,
  message: text,
  lastTransitionTime: moment,
});
const conditions = z.array(conditionSchema).default([]);

/** Any object, as far as deletion needs it. */
export const anyObjectSchema = z.object({
  kind: text,
  metadata: metadataSchema,
  status: z
    .object({ conditions: z.array(conditionSchema.partial()).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});
export type AnyObject = z.infer<typeof anyObjectSchema>;

const selectorSchema = z.object({
  matchLabels: labels,
  matchExpressions: z
    .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).default([]) }))
    .default([]),
});
export type Selector = z.infer<typeof selectorSchema>;

const quantities = z.record(z.string(), z.union([z.string(), z.number()])).default({});

const containerSchema = z.object({
  name: z.string(),
  image: text,
  resources: z.object({ limits: quantities, requests: quantities }).optional(),
});

const templateSchema = z.object({
  metadata: z.object({ labels }).optional(),
  spec: z.object({ containers: z.array(containerSchema) }),
});

/** With the API's own defaults. */
const strategySchema = z
  .object({
    type: z.string().default('RollingUpdate'),
    rollingUpdate: z.object({ maxUnavailable: z.union([z.string(), z.int()]).default('25%') }).prefault({}),
  })
  .prefault({});

export const deploymentSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    replicas: z.int().default(1),
    paused: z.boolean().default(false),
    progressDeadlineSeconds: z.int().default(600),
    selector: selectorSchema,
    strategy: strategySchema,
    template: templateSchema,
  }),
  status: z
    .object({
      observedGeneration: number,
      replicas: number,
      updatedReplicas: number,
      readyReplicas: number,
      availableReplicas: number,
      conditions,
    })
    .prefault({}),
});
export type DeploymentObject = z.infer<typeof deploymentSchema>;

export const replicaSetSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({ replicas: z.int().default(1) }).prefault({}),
  status: z.object({ replicas: number, conditions }).prefault({}),
});
export type ReplicaSetObject = z.infer<typeof replicaSetSchema>;

const endedSchema = z.object({ exitCode: z.int(), reason: text, message: text, finishedAt: moment });
const stateSchema = z.object({
  waiting: z.object({ reason: text, message: text }).optional(),
  running: z.object({ startedAt: moment }).optional(),
  terminated: endedSchema.optional(),
});
const containerStatusSchema = z.object({
  name: z.string(),
  image: text,
  ready: z.boolean().default(false),
  restartCount: number,
  state: stateSchema.prefault({}),
  lastState: stateSchema.prefault({}),
});
export type ContainerStatus = z.infer<typeof containerStatusSchema>;

export const podSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    /** Empty until the scheduler has chosen one. */
    nodeName: text,
    containers: z.array(containerSchema),
    initContainers: z.array(containerSchema).default([]),
  }),
  status: z
    .object({
      phase: text,
      reason: text,
      message: text,
      conditions,
      initContainerStatuses: z.array(containerStatusSchema).default([]),
      containerStatuses: z.array(containerStatusSchema).default([]),
    })
    .prefault({}),
});
export type PodObject = z.infer<typeof podSchema>;

export const eventSchema = z.object({
  metadata: metadataSchema,
  type: text,
  reason: text,
  message: text,
  involvedObject: z.object({ kind: text, name: text, uid: text }),
  count: z.int().nullish(),
  lastTimestamp: moment,
  eventTime: moment,
  series: z.object({ count: z.int().default(1), lastObservedTime: moment }).nullish(),
});
export type EventObject = z.infer<typeof eventSchema>;

export const quotaSchema = z.object({
  metadata: metadataSchema,
  /** A quota with scopes counts only some Pods. */
  spec: z
    .object({ scopes: z.array(z.string()).default([]), scopeSelector: z.unknown().optional() })
    .prefault({}),
  status: z.object({ hard: quantities, used: quantities }).prefault({}),
});
export type QuotaObject = z.infer<typeof quotaSchema>;

export const nodeSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({ unschedulable: z.boolean().default(false) }).prefault({}),
  status: z
    .object({
      allocatable: quantities,
      conditions,
      nodeInfo: z.object({ kubeletVersion: text }).prefault({}),
    })
    .prefault({}),
});
export type NodeObject = z.infer<typeof nodeSchema>;

/** A list's items, each parsed on its own schema, and the token of the next page; empty when this was the last. */
export function listSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    metadata: z.object({ continue: text, resourceVersion: text }).prefault({}),
    items: z.array(item).nullish(),
  });
}
