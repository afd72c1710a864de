/**
 * A Prometheus in a box: the HTTP API over series that follow from the cluster's history, so that a deploy is a step
 * and a crash is a burst of errors. Its time is the sandbox's.
 */
import type { ClusterBox } from '../cluster/box.ts';
import { type BoxContext, serveBox } from '../serve.ts';
import { answerApi } from './api.ts';
import { createLedger } from './series/ledger.ts';
import { seriesOf } from './series/series.ts';

export interface PrometheusBoxOptions extends BoxContext {
  /** 0 takes a free port. */
  readonly port: number;
  readonly cluster: Pick<ClusterBox, 'observe'>;
  /** The bearer token that it wants. */
  readonly token: string;
}

export interface PrometheusBox {
  /** What is below it are `/api/v1/query` and the others. */
  readonly url: string;
  stop(): Promise<void>;
}

/** @throws PortInUseError when the port is taken. */
export async function startPrometheusBox(options: PrometheusBoxOptions): Promise<PrometheusBox> {
  const { clock, cluster, token } = options;
  const ledger = createLedger(clock.now);
  const stopObserving = cluster.observe(ledger);
  const context = { now: clock.now, series: () => seriesOf(ledger) };
  const serving = await serveBox({
    ...options,
    box: 'prometheus',
    fetch: (request) =>
      request.headers.get('authorization') === `Bearer ${token}`
        ? answerApi(context, request)
        : new Response('Unauthorized\n', { status: 401 }),
    operationOf: (method, url) => `${method} ${url.pathname}`,
    faultBody,
  }).catch((error: unknown) => {
    stopObserving();
    throw error;
  });
  return {
    url: serving.url,
    async stop() {
      stopObserving();
      await serving.stop();
    },
  };
}

/** What Prometheus says by itself at these statuses; anything else comes from a proxy before it. */
function faultBody(status: number): unknown {
  const known: Readonly<Record<number, readonly [string, string]>> = {
    400: ['bad_data', 'invalid parameter "query": 1:1: parse error: unexpected end of input'],
    422: ['execution', 'query processing would load too many samples into memory in query execution'],
    503: ['timeout', 'query timed out in expression evaluation'],
  };
  const [errorType, error] = known[status] ?? ['internal', 'an error on the server'];
  return { status: 'error', errorType, error };
}
