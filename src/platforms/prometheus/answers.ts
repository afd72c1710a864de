/** The answers of Prometheus' HTTP API (prometheus.io/docs/prometheus/latest/querying/api), checked at the door. */
import { z } from 'zod';
import type { MetricSeries } from '../../core/metrics.ts';

/** Seconds, and a number written as text, because JSON has no `NaN` and no infinity. */
const sample = z.tuple([z.number(), z.string()]);
const labels = z.record(z.string(), z.string());
const words = z.array(z.string()).optional();

const dataSchema = z.discriminatedUnion('resultType', [
  z.object({
    resultType: z.literal('matrix'),
    // Native histograms come as `histograms` beside no values: there is no single number in them.
    result: z.array(z.object({ metric: labels, values: z.array(sample).default([]) })),
  }),
  z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: labels, value: sample.optional() })),
  }),
  z.object({ resultType: z.literal('scalar'), result: sample }),
]);

const answerSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('success'), data: dataSchema, warnings: words }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string(), warnings: words }),
]);
export type ApiAnswer = z.infer<typeof answerSchema>;
export type ApiError = Extract<ApiAnswer, { status: 'error' }>;

/** `undefined` for what is no answer of this API: a login page, half a body. */
export function readAnswer(text: string): ApiAnswer | undefined {
  try {
    return answerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export function seriesOf(data: z.infer<typeof dataSchema>): MetricSeries[] {
  switch (data.resultType) {
    case 'matrix':
      return data.result.map(({ metric, values }) => ({ labels: metric, points: values.flatMap(pointOf) }));
    case 'vector':
      return data.result.map(({ metric, value }) => ({
        labels: metric,
        points: value ? pointOf(value) : [],
      }));
    case 'scalar':
      return [{ labels: {}, points: pointOf(data.result) }];
  }
}

/** None for `NaN` (0 divided by 0: nobody asked) and for the infinities: neither can be drawn or compared. */
function pointOf([at, text]: z.infer<typeof sample>): { at: number; value: number }[] {
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) ? [{ at: Math.round(at * 1000), value }] : [];
}
