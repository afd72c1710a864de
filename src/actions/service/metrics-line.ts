/** The numbers of a service in one line, for its status: "12/s, 0.10 % errors, p95 180 ms". */
import type { ReadContext } from '../../core/action.ts';
import { valueWords } from '../../core/chart-words.ts';
import { type AskedPlace, gaugeOf, numberOf } from './measure.ts';

/** `undefined` when no Prometheus is configured; never throws, because a status is worth having without its numbers. */
export async function metricsLine(asked: AskedPlace, context: ReadContext): Promise<string | undefined> {
  const gauge = gaugeOf(asked, context);
  if (!gauge) return undefined;
  const measured = await Promise.all([
    gauge.now('traffic'),
    gauge.now('errors'),
    gauge.now('latency', undefined, 0.95),
  ]);
  const [first] = measured;
  if ('problem' in first) return `Numbers are not to be had: ${first.problem.sentence}`;
  const [traffic, errors, latency] = measured.map(numberOf);
  const words = [
    ...(traffic === undefined ? [] : [valueWords('perSecond', traffic)]),
    ...(errors === undefined ? [] : [`${valueWords('ratio', errors)} errors`]),
    ...(latency === undefined ? [] : [`p95 ${valueWords('seconds', latency)}`]),
  ];
  return words.length === 0 ? 'Prometheus has no numbers of it.' : words.join(', ');
}
