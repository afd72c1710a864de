/** Where numbers are kept (Prometheus, or whatever answers as it does), in our verbs. */
import type { Moment } from './ids.ts';

/** One series of numbers. What the server could not tell (NaN) or no chart can show (infinity) is not among them. */
export interface MetricSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** Oldest first. */
  readonly points: readonly { readonly at: Moment; readonly value: number }[];
}

export interface MetricAnswer {
  /** Empty when nothing matches the query. */
  readonly series: readonly MetricSeries[];
  /** What the server says about an answer that is not whole, in its words. */
  readonly warnings: readonly string[];
}

export interface MetricSpan {
  readonly from: Moment;
  readonly to: Moment;
  /** Between two points, in milliseconds. */
  readonly stepMs: number;
}

/** Adapters throw `ProblemError` and nothing else. */
export interface Metrics {
  /** @throws ProblemError `bad_input` for a query that the server cannot read or that asks for too much. */
  range(query: string, span: MetricSpan): Promise<MetricAnswer>;
  /** At one moment: each series has at most one point. */
  instant(query: string, at: Moment): Promise<MetricAnswer>;
}
