/**
 * Prometheus, or whatever has its HTTP API (Thanos, Mimir, VictoriaMetrics): two questions, both only reading. What it
 * answers is checked at the door; whatever goes wrong becomes a sentence.
 */
import { dayMs } from '../../core/duration.ts';
import type { MetricAnswer, Metrics } from '../../core/metrics.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { type ApiAnswer, readAnswer, seriesOf } from './answers.ts';
import { limits } from './limits.ts';
import { refused, tooLarge, unreachable, unreadable } from './problems.ts';

export interface PrometheusSettings {
  /** Where it is: below it are `api/v1/query` and the others. A path of its own (`/prometheus`) may stand in it. */
  readonly url: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
}

export function connectPrometheus(settings: PrometheusSettings): Metrics {
  return {
    async range(query, { from, to, stepMs }) {
      const points = Math.floor((to - from) / stepMs) + 1;
      if (!(points >= 1 && points <= limits.points) || to - from > limits.days * dayMs) {
        throw new ProblemError(
          problem(
            'bad_input',
            `That would be ${points} points over ${Math.round((to - from) / dayMs)} days.`,
            `Ask for at most ${limits.points} over ${limits.days} days.`,
          ),
        );
      }
      return ask(settings, 'query_range', {
        query,
        start: seconds(from),
        end: seconds(to),
        step: seconds(stepMs),
      });
    },
    instant: (query, at) => ask(settings, 'query', { query, time: seconds(at) }),
  };
}

async function ask(
  settings: PrometheusSettings,
  path: 'query' | 'query_range',
  parameters: Readonly<Record<string, string>>,
): Promise<MetricAnswer> {
  const query = parameters.query ?? '';
  if (query.length > limits.query) throw new ProblemError(tooLarge('question'));
  const answered = await call(settings, path, parameters);
  const answer = readAnswer(answered.text);
  if (!answer) {
    throw new ProblemError(answered.status < 400 ? unreadable(answered.status) : refused(answered, {}));
  }
  if (answer.status === 'error') throw new ProblemError(refused(answered, answer));
  return { series: seriesOf(withinBounds(answer).data), warnings: answer.warnings ?? [] };
}

interface Answered {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

/** @throws ProblemError when there was no whole answer. The token is in a header alone, so no error can name it. */
async function call(
  { url, token }: PrometheusSettings,
  path: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Answered> {
  const address = new URL(`api/v1/${path}`, url.endsWith('/') ? url : `${url}/`);
  address.search = String(
    new URLSearchParams({
      ...parameters,
      timeout: `${limits.answerMs / 1000}s`,
      limit: `${limits.series + 1}`,
    }),
  );
  try {
    const response = await fetch(address, {
      headers: {
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      signal: AbortSignal.timeout(limits.answerMs),
      // A redirect would carry the question, and with some clients the token, to another server.
      redirect: 'error',
    });
    const text = await textWithin(response, limits.answerBytes);
    return { status: response.status, retryAfter: response.headers.get('retry-after'), text };
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError(unreachable(error), { cause: error });
  }
}

/** Reads on until it is too much, so that no answer can fill our memory. @throws ProblemError `bad_input`. */
async function textWithin(response: Response, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new ProblemError(tooLarge('answer'));
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

type Good = Extract<ApiAnswer, { status: 'success' }>;

/** @throws ProblemError: a query that forgot to sum would draw one line for every Pod there ever was. */
function withinBounds(answer: Good): Good {
  const { data } = answer;
  const count = data.resultType === 'scalar' ? 1 : data.result.length;
  if (count > limits.series) throw new ProblemError(tooLarge('number of series'));
  return answer;
}

/** Prometheus counts seconds. */
function seconds(ms: number): string {
  return String(ms / 1000);
}
