/** Prometheus' HTTP API, as far as it reads: /api/v1/query, query_range, series, labels and label values. */
import { readDuration } from './promql/duration.ts';
import { createEvaluation } from './promql/evaluate.ts';
import {
  type Expression,
  keyOf,
  type Labels,
  QueryError,
  type Sample,
  type Value,
} from './promql/expression.ts';
import { parseQuery } from './promql/parse.ts';
import { matching, scrape } from './series/scrape.ts';
import type { Series } from './series/series.ts';

export interface ApiContext {
  now(): number;
  /** Everything that is scraped, now. */
  series(): readonly Series[];
}

/** Prometheus' own bound (web/api/v1/api.go). */
const pointsMax = 11_000;

export async function answerApi(context: ApiContext, request: Request): Promise<Response> {
  try {
    const { pathname } = new URL(request.url);
    const parameters = await parametersOf(request);
    const route = routes.find(({ path }) => path.test(pathname));
    if (!route) return text(404, '404 page not found\n');
    const name = route.path.exec(pathname)?.[1] ?? '';
    return Response.json({
      status: 'success',
      data: route.run(context, parameters, decodeURIComponent(name)),
    });
  } catch (error) {
    if (error instanceof QueryError) return apiError(statuses[error.type], error.type, error.message);
    throw error;
  }
}

/** The form of every error (`status`, `errorType`, `error`). */
function apiError(status: number, errorType: string, error: string): Response {
  return Response.json({ status: 'error', errorType, error }, { status });
}

const statuses = { bad_data: 400, execution: 422, timeout: 503 } as const;

type Parameters = URLSearchParams;
type Run = (context: ApiContext, parameters: Parameters, name: string) => unknown;

const routes: readonly { readonly path: RegExp; readonly run: Run }[] = [
  { path: /^\/api\/v1\/query$/, run: instantQuery },
  { path: /^\/api\/v1\/query_range$/, run: rangeQuery },
  { path: /^\/api\/v1\/series$/, run: listSeries },
  {
    path: /^\/api\/v1\/labels$/,
    run: (context, parameters) => labelNames(found(context, parameters, false)),
  },
  {
    path: /^\/api\/v1\/label\/([^/]+)\/values$/,
    run: (context, parameters, name) =>
      [...new Set(found(context, parameters, false).flatMap(({ labels }) => labels[name] ?? []))].sort(),
  },
  {
    path: /^\/api\/v1\/status\/buildinfo$/,
    run: () => ({ version: '3.0.0-sandbox', revision: '', branch: '' }),
  },
];

function instantQuery(context: ApiContext, parameters: Parameters): unknown {
  const expression = parsed(parameters);
  const atMs = timeOf(parameters, 'time') ?? context.now();
  if (expression.kind === 'string') return { resultType: 'string', result: [atMs / 1000, expression.value] };
  const value = evaluation(context, expression, atMs, atMs)(atMs);
  return value.kind === 'scalar'
    ? { resultType: 'scalar', result: [atMs / 1000, written(value.value)] }
    : {
        resultType: 'vector',
        result: value.samples.map(({ labels, value: number }) => ({
          metric: labels,
          value: [atMs / 1000, written(number)],
        })),
      };
}

function rangeQuery(context: ApiContext, parameters: Parameters): unknown {
  const startMs = needed(timeOf(parameters, 'start'), 'start');
  const endMs = needed(timeOf(parameters, 'end'), 'end');
  if (endMs < startMs) throw bad('end', 'end timestamp must not be before start time');
  const stepMs = readDuration(parameters.get('step') ?? '');
  if (stepMs === undefined)
    throw bad('step', `cannot parse ${quoted(parameters.get('step'))} to a valid duration`);
  if (stepMs <= 0) {
    throw bad(
      'step',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  }
  if ((endMs - startMs) / stepMs > pointsMax) {
    throw new QueryError(
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  }
  const run = evaluation(context, parsed(parameters), startMs, endMs);
  const lines = new Map<string, { metric: Labels; values: [number, string][] }>();
  for (let atMs = startMs; atMs <= endMs; atMs += stepMs) {
    for (const { labels, value } of samplesOf(run(atMs))) {
      const key = keyOf(labels);
      const line = lines.get(key) ?? { metric: labels, values: [] };
      line.values.push([atMs / 1000, written(value)]);
      lines.set(key, line);
    }
  }
  return { resultType: 'matrix', result: [...lines.values()] };
}

function evaluation(context: ApiContext, expression: Expression, startMs: number, endMs: number) {
  const series = context.series();
  return createEvaluation(expression, { startMs, endMs }, (matchers, fromMs, toMs) =>
    scrape(matching(series, matchers), fromMs, toMs, context.now()),
  );
}

function samplesOf(value: Value): readonly Sample[] {
  return value.kind === 'scalar' ? [{ labels: {}, value: value.value }] : value.samples;
}

function listSeries(context: ApiContext, parameters: Parameters): unknown {
  return found(context, parameters, true).map(({ labels }) => labels);
}

function labelNames(series: readonly Series[]): string[] {
  return [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))].sort();
}

/** Those of any `match[]`, in the time asked for. @throws QueryError when one is needed and none is given. */
function found(context: ApiContext, parameters: Parameters, isNeeded: boolean): readonly Series[] {
  const selectors = parameters.getAll('match[]').map((one) => {
    const expression = parseQuery(one);
    if (expression.kind === 'selector' && expression.rangeMs === undefined) return expression;
    throw bad('match[]', 'expected an instant vector selector');
  });
  if (isNeeded && selectors.length === 0) throw new QueryError('bad_data', 'no match[] parameter provided');
  const startMs = timeOf(parameters, 'start') ?? Number.NEGATIVE_INFINITY;
  const endMs = timeOf(parameters, 'end') ?? context.now();
  const all = context
    .series()
    .filter(({ from, to }) => from <= endMs && (to ?? Number.POSITIVE_INFINITY) >= startMs);
  if (selectors.length === 0) return all;
  return [...new Set(selectors.flatMap(({ matchers }) => matching(all, matchers)))];
}

function parsed(parameters: Parameters): Expression {
  return parseQuery(parameters.get('query') ?? '');
}

/** A form in the body is taken as well as the address. */
async function parametersOf(request: Request): Promise<Parameters> {
  const inAddress = new URL(request.url).searchParams;
  if (request.method !== 'POST') return inAddress;
  return new URLSearchParams([...inAddress, ...new URLSearchParams(await request.text())]);
}

/** Seconds since the epoch, or RFC 3339. */
function timeOf(parameters: Parameters, name: string): number | undefined {
  const given = parameters.get(name);
  if (given === null || given === '') return undefined;
  const ms = /^-?\d+(?:\.\d+)?(?:e\d+)?$/i.test(given) ? Number(given) * 1000 : Date.parse(given);
  if (Number.isNaN(ms)) throw bad(name, `cannot parse ${quoted(given)} to a valid timestamp`);
  return ms;
}

function needed(ms: number | undefined, name: string): number {
  if (ms === undefined) throw bad(name, 'cannot parse "" to a valid timestamp');
  return ms;
}

function quoted(given: string | null): string {
  return JSON.stringify(given ?? '');
}

function bad(parameter: string, what: string): QueryError {
  return new QueryError('bad_data', `invalid parameter ${quoted(parameter)}: ${what}`);
}

/** As Go writes a float. */
function written(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

function text(status: number, body: string): Response {
  return new Response(body, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}
