/** Every series that this Prometheus scrapes: what services count, what the kubelet measures, what the cluster says. */
import { milliOf } from '../../cluster/quantity.ts';
import type { Labels } from '../promql/expression.ts';
import { type Behaviour, behaviourOf, chanceOf, type Stretch } from './behaviour.ts';
import { type Ledger, type PodPast, valueAtMoment, type WorkloadPast } from './ledger.ts';
import { constant, scaled, sum, swing, totalAt, valueAt, type Wave } from './wave.ts';

export interface Series {
  readonly labels: Labels;
  /** Scraped from here on, in milliseconds. */
  readonly from: number;
  /** Until here; still scraped when not given. */
  readonly to: number | undefined;
  at(ms: number): number;
}

export function seriesOf(ledger: Ledger): Series[] {
  const behaviours = new Map(
    ledger
      .workloads()
      .map((past) => [`${past.namespace}/${past.name}`, { past, behaviour: behaviourOf(past) }]),
  );
  return [
    ...[...behaviours.values()].flatMap(({ past, behaviour }) => ofWorkload(past, behaviour)),
    ...ledger.pods().flatMap((pod) => ofPod(pod, behaviours.get(`${pod.namespace}/${pod.workload}`))),
  ];
}

/** Upper bounds in seconds: the defaults of Prometheus' client libraries. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, Number.POSITIVE_INFINITY];
/** How far the slow ones are from the median, as the spread of a log-normal distribution. */
const spread = 0.7;
/** How much longer than the quick ones the others take. */
const slower = 1.6;

function ofWorkload(past: WorkloadPast, behaviour: Behaviour): Series[] {
  const { namespace, name, from, to } = past;
  const target = { namespace, service: name, job: name, instance: `${name}.${namespace}:8080` };
  const series = (labels: Labels, at: Series['at']): Series => ({ labels, from, to, at });
  const all = counter(behaviour, () => 1);
  const usual = counter(behaviour, () => 1, behaviour.failing);
  const unusual = counter(behaviour, ({ errorShare }) => errorShare);
  const failed = (ms: number) => usual(ms) + unusual(ms);
  const count = (code: string, at: Series['at']) =>
    series({ __name__: 'http_requests_total', ...target, code }, at);
  const slow = sum(behaviour.traffic, scaled(behaviour.quick, -1));
  const shares = bounds.map((bound) => {
    const quickOnes = counter(
      behaviour,
      ({ medianSeconds }) => shareBelow(bound, medianSeconds),
      behaviour.quick,
    );
    const slowOnes = counter(
      behaviour,
      ({ medianSeconds }) => shareBelow(bound, medianSeconds * slower),
      slow,
    );
    return (ms: number) => quickOnes(ms) + slowOnes(ms);
  });
  const replicas = { namespace, deployment: name, job: 'kube-state-metrics' };
  return [
    series({ __name__: 'up', ...target }, (ms) => ((valueAtMoment(past.available, ms) ?? 0) > 0 ? 1 : 0)),
    count('200', (ms) => 0.99 * Math.max(0, all(ms) - failed(ms))),
    count('404', (ms) => 0.01 * Math.max(0, all(ms) - failed(ms))),
    count('500', failed),
    ...bounds.map((bound, index) =>
      series(
        { __name__: 'http_request_duration_seconds_bucket', ...target, le: le(bound) },
        shares[index] ?? (() => 0),
      ),
    ),
    series(
      { __name__: 'http_request_duration_seconds_count', ...target },
      counter(behaviour, () => 1),
    ),
    series(
      { __name__: 'http_request_duration_seconds_sum', ...target },
      // The mean of a log-normal distribution.
      counter(behaviour, ({ medianSeconds }) => medianSeconds * Math.exp(spread ** 2 / 2)),
    ),
    series(
      { __name__: 'kube_deployment_spec_replicas', ...replicas },
      (ms) => valueAtMoment(past.wanted, ms) ?? 0,
    ),
    series(
      { __name__: 'kube_deployment_status_replicas_available', ...replicas },
      (ms) => valueAtMoment(past.available, ms) ?? 0,
    ),
  ];
}

/** A count of requests, each weighed by what held when it came. */
function counter(behaviour: Behaviour, weight: Weight, wave = behaviour.traffic): Series['at'] {
  const totals = onceAsked(() => totalsOf(behaviour, weight, wave));
  return (ms) => {
    const now = totals().findLast(({ fromMs }) => fromMs <= ms) ?? totals()[0];
    if (!now) return 0;
    return Math.max(0, now.before + now.weight * (totalAt(wave, ms / 1000) - now.start));
  };
}

type Weight = (of: Stretch) => number;

/** What had come together when a stretch began. */
interface Total {
  readonly fromMs: number;
  readonly weight: number;
  /** Of the wave. */
  readonly start: number;
  /** Of what counts. */
  readonly before: number;
}

function totalsOf(behaviour: Behaviour, weight: Weight, wave: Wave): readonly Total[] {
  const totals: Total[] = [];
  for (const stretch of behaviour.stretches()) {
    const last = totals.at(-1);
    const start = totalAt(wave, stretch.fromMs / 1000);
    const before = last ? last.before + last.weight * (start - last.start) : 0;
    totals.push({ fromMs: stretch.fromMs, weight: weight(stretch), start, before });
  }
  return totals;
}

function ofPod(
  pod: PodPast,
  of: { readonly past: WorkloadPast; readonly behaviour: Behaviour } | undefined,
): Series[] {
  const { namespace, name, container, limits, from, to } = pod;
  const labels = { namespace, pod: name, container };
  const series = (metric: string, job: string, more: Labels, at: Series['at']): Series => ({
    labels: { __name__: metric, ...labels, ...more, job },
    from,
    to,
    at,
  });
  const limitOf = (resource: string, otherwise: number) => {
    const quantity = limits[resource];
    return quantity === undefined ? otherwise : Number(milliOf(quantity)) / 1000;
  };
  const cpu = onceAsked(() => cpuOf(of, limitOf('cpu', 1)));
  const memory = onceAsked(() => memoryOf(name, limitOf('memory', 256 * 1024 * 1024)));
  const limit = (resource: string, unit: string) =>
    limits[resource] === undefined
      ? []
      : [
          series('kube_pod_container_resource_limits', 'kube-state-metrics', { resource, unit }, () =>
            limitOf(resource, 0),
          ),
        ];
  return [
    series('container_cpu_usage_seconds_total', 'kubelet', {}, (ms) =>
      Math.max(0, totalAt(cpu(), ms / 1000) - totalAt(cpu(), from / 1000)),
    ),
    series('container_memory_working_set_bytes', 'kubelet', {}, (ms) =>
      Math.round(valueAt(memory(), ms / 1000)),
    ),
    ...limit('cpu', 'core'),
    ...limit('memory', 'byte'),
  ];
}

/** Most series are not asked for. */
function onceAsked<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Cores: a little for being there, and the rest with the traffic. */
function cpuOf(
  of: { readonly past: WorkloadPast; readonly behaviour: Behaviour } | undefined,
  limit: number,
): Wave {
  if (!of) return constant(0.02 * limit);
  const { terms } = of.behaviour.traffic;
  const busiest = terms.reduce((most, { height }) => most + Math.abs(height), 0);
  const busy = 0.25 + 0.4 * chanceOf(`${of.past.namespace}/${of.past.name} cpu`);
  return sum(constant(0.03 * limit), scaled(of.behaviour.traffic, (busy * limit) / busiest));
}

function memoryOf(pod: string, limit: number): Wave {
  const share = 0.4 + 0.25 * chanceOf(`${pod} memory`);
  return scaled(sum(constant(share), swing(0.05, 86_400, 50_000), swing(0.015, 900, 0)), limit);
}

function le(bound: number): string {
  return bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound);
}

/** How many of all requests take no longer than this, of a log-normal distribution. */
function shareBelow(seconds: number, median: number): number {
  if (seconds === Number.POSITIVE_INFINITY) return 1;
  const z = Math.log(seconds / median) / spread;
  // The logistic curve that comes nearest to the normal one: within 0.01 everywhere.
  return 1 / (1 + Math.exp(-1.702 * z));
}
