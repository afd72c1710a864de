/** What is asked of a service's numbers, and how well it means to do: what the catalog may say of both. */
import { z } from 'zod';
import { templateMistake } from './query-template.ts';

/** Ours: a query that nobody can read any more is a mistake of the catalog's. */
const queryCharactersMax = 2_000;

export const querySchema = z
  .string()
  .min(1)
  .max(queryCharactersMax)
  .superRefine((text, context) => {
    const message = templateMistake(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** `traffic`: requests a second. `errors`, `cpu`, `memory`: a share from 0 to 1. `latency`: seconds, by `$quantile`. */
export const metricKinds = ['traffic', 'errors', 'latency', 'cpu', 'memory'] as const;
export type MetricKind = (typeof metricKinds)[number];

const queriesSchema = z.strictObject({
  traffic: querySchema.optional(),
  errors: querySchema.optional(),
  latency: querySchema.optional(),
  cpu: querySchema.optional(),
  memory: querySchema.optional(),
});

/** Of the catalog as a whole: queries for every service that has none of its own. */
export const metricsSchema = z.strictObject({ queries: queriesSchema });

/** Of one service. */
export const serviceMetricsSchema = z.strictObject({
  queries: queriesSchema.optional(),
  objective: z
    .strictObject({
      /** Per cent of requests that go well. */
      availability: z.number().gt(0).lt(100),
      days: z.int().min(1).max(90),
    })
    .optional(),
});
export type ServiceMetrics = z.infer<typeof serviceMetricsSchema>;
export type Objective = NonNullable<ServiceMetrics['objective']>;

const requests = 'namespace="$namespace",service="$service"';
const pods = 'namespace="$namespace",pod=~"$deployment-.+"';

/**
 * What most exporters write: client libraries count `http_requests_total` by `code` and time
 * `http_request_duration_seconds`, the kubelet measures containers, kube-state-metrics knows their limits.
 */
const usualQueries: Readonly<Record<MetricKind, string>> = {
  traffic: `sum(rate(http_requests_total{${requests}}[$window]))`,
  errors: `(sum(rate(http_requests_total{${requests},code=~"5.."}[$window])) or vector(0)) / sum(rate(http_requests_total{${requests}}[$window]))`,
  latency: `histogram_quantile($quantile, sum by (le) (rate(http_request_duration_seconds_bucket{${requests}}[$window])))`,
  cpu: `sum(rate(container_cpu_usage_seconds_total{${pods},container!=""}[$window])) / sum(kube_pod_container_resource_limits{${pods},resource="cpu"})`,
  memory: `sum(container_memory_working_set_bytes{${pods},container!=""}) / sum(kube_pod_container_resource_limits{${pods},resource="memory"})`,
};

type Queries = z.infer<typeof queriesSchema>;

/** The template to use: the service's own, else the catalog's, else the usual one. */
export function queryTemplate(
  kind: MetricKind,
  ofService: ServiceMetrics | undefined,
  ofCatalog: { readonly queries: Queries } | undefined,
): string {
  return ofService?.queries?.[kind] ?? ofCatalog?.queries[kind] ?? usualQueries[kind];
}
