/** When an environment was last called from outside, by the numbers that Prometheus has of it. */
import type { Catalog } from '../core/catalog.ts';
import { minuteMs, secondMs } from '../core/duration.ts';
import type { EnvironmentRecord } from '../core/environment-record.ts';
import type { Moment } from '../core/ids.ts';
import type { Metrics } from '../core/metrics.ts';
import type { Clock } from '../core/ports.ts';
import { fillQuery } from '../core/query-template.ts';

/** A little more than lies between two looks of the reconciler, so that no call falls between them. */
const window = (10 * minuteMs) / secondMs;

/** `undefined` where nobody can tell: no Prometheus, no query in the catalog, or nothing was called lately. */
export function lastTrafficBy(metrics: Metrics | undefined, catalog: () => Catalog, clock: Clock) {
  return async ({ living }: EnvironmentRecord): Promise<Moment | undefined> => {
    const template = catalog().environments.traffic;
    if (!metrics || template === undefined || !living) return undefined;
    const query = fillQuery(template, {
      service: living.name,
      namespace: living.namespace,
      deployment: living.name,
      environment: living.name,
      cluster: living.cluster,
      window,
      quantile: 0.5,
    });
    const now = clock.now();
    const { series } = await metrics.instant(query, now);
    const calls = series.flatMap(({ points }) => points.at(-1)?.value ?? []);
    return calls.some((value) => value > 0) ? now : undefined;
  };
}
