/** The numbers of one service in one environment: what is asked of Prometheus, and what came of each question. */
import type { ReadContext } from '../../core/action.ts';
import { dayMs, minuteMs, secondMs } from '../../core/duration.ts';
import type { MetricAnswer, MetricSpan, Metrics } from '../../core/metrics.ts';
import { type Problem, problem, problemFrom } from '../../core/problem.ts';
import { fillQuery } from '../../core/query-template.ts';
import { type MetricKind, queryTemplate } from '../../core/service-metrics.ts';
import { placeOf } from './place.ts';

export interface AskedPlace {
  readonly service: string;
  readonly environment: string;
}

/** One question with its answer, or why there is none. */
export type Measured = { readonly query: string } & (
  | { readonly answer: MetricAnswer }
  | { readonly problem: Problem }
);

/** What is known of one environment's numbers, and how to ask for them. */
export interface Gauge {
  /** Over a span; the rates are those of `$window`, never shorter than a point is wide. */
  over(kind: MetricKind, span: MetricSpan, quantile?: number): Promise<Measured>;
  /** At this moment. */
  now(kind: MetricKind, windowMs?: number, quantile?: number): Promise<Measured>;
}

/** Four scrapes of a minute's distance and one to spare: shorter windows lie when one scrape is lost. */
export const usualWindow = 5 * minuteMs;

/** Asked for nothing else when a template has no `$quantile`. */
const median = 0.5;

/** `undefined` when no Prometheus is configured. */
export function gaugeOf(asked: AskedPlace, context: ReadContext): Gauge | undefined {
  const { metrics } = context;
  return metrics && gauge(asked, context, metrics);
}

function gauge(asked: AskedPlace, context: ReadContext, metrics: Metrics): Gauge {
  const { service, cluster, namespace, deployment } = placeOf(asked, context.catalog);
  const query = (kind: MetricKind, windowMs: number, quantile: number) =>
    fillQuery(queryTemplate(kind, service.metrics, context.catalog.metrics), {
      ...{ service: asked.service, environment: asked.environment, cluster, namespace, deployment },
      ...{ window: windowMs / secondMs, quantile },
    });
  return {
    over: (kind, span, quantile = median) => {
      const text = query(kind, Math.max(usualWindow, span.stepMs), quantile);
      return measured(text, metrics.range(text, span));
    },
    now: (kind, windowMs = usualWindow, quantile = median) => {
      const text = query(kind, windowMs, quantile);
      return measured(text, metrics.instant(text, context.now));
    },
  };
}

async function measured(query: string, asking: Promise<MetricAnswer>): Promise<Measured> {
  try {
    return { query, answer: await asking };
  } catch (error) {
    return { query, problem: problemFrom(error) };
  }
}

/** The one number that an answer comes down to; `undefined` when there is none. */
export function numberOf(of: Measured): number | undefined {
  return 'answer' in of ? of.answer.series[0]?.points.at(-1)?.value : undefined;
}

export function daysMs(days: number): number {
  return days * dayMs;
}

export function noMetrics(): Problem {
  return problem(
    'outside_unavailable',
    'Greenlight is connected to no Prometheus, so it has no numbers.',
    'Ask the platform team to set PROMETHEUS_URL.',
  );
}
