/** Pod logs: made up, but plausible, and always the same for the same Pod at the same moment. */
import type { Handling } from './handle.ts';
import { checkNotNegative } from './options.ts';
import { isTrue } from './request-info.ts';
import { badRequest, notFound } from './status.ts';
import type { ContainerStatus, Pod } from './types.ts';

interface Line {
  readonly at: number;
  readonly text: string;
}

/** A line is written this often while a container serves, in ms; this many are kept. */
const everyMs = 5_000;
const linesMax = 500;

/** @throws ApiError 404 for no such Pod, 400 for a container that is none or has no log, 422 for bad numbers. */
export function podLog(handling: Handling, namespace: string, name: string, url: URL): Response {
  const { world, streams } = handling;
  const query = url.searchParams;
  const number = (key: string) => (query.has(key) ? Number(query.get(key)) : undefined);
  const pod = world.store.get('/pods', namespace, name) as Pod | undefined;
  if (!pod) throw notFound({ group: '', resource: 'pods', name });
  const tail = number('tailLines');
  checkNotNegative('tailLines', name, tail);
  checkNotNegative('limitBytes', name, number('limitBytes'));
  const container = containerOf(pod, query.get('container'));
  if (!pod.spec.nodeName) return new Response(null, { status: 204 });
  const status = pod.status.containerStatuses?.find((one) => one.name === container);
  const previous = isTrue(query.get('previous') ?? 'false');
  const now = world.clock.now();
  const lines = linesOf(pod, container, status, previous, now);
  const since = sinceOf(query, now);
  const recent = lines.filter((line) => line.at >= since);
  const shown = tail === undefined ? recent : recent.slice(recent.length - Math.min(tail, recent.length));
  const withTime = isTrue(query.get('timestamps') ?? 'false');
  const write = (line: Line) => `${withTime ? `${new Date(line.at).toISOString()} ` : ''}${line.text}\n`;
  const headers = { 'content-type': 'text/plain' };
  if (!isTrue(query.get('follow') ?? 'false') || previous) {
    const limit = number('limitBytes');
    const text = shown.map(write).join('');
    return new Response(limit === undefined ? text : text.slice(0, limit), { headers });
  }
  return new Response(follow(handling, pod, container, shown, write, streams.add), { headers });
}

function containerOf(pod: Pod, asked: string | null): string {
  const names = pod.spec.containers.map((one) => one.name);
  if (asked !== null && asked !== '') {
    if (names.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
  }
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return only;
  throw badRequest(
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`,
  );
}

function sinceOf(query: URLSearchParams, now: number): number {
  const time = query.get('sinceTime');
  if (time) return Date.parse(time);
  const seconds = query.get('sinceSeconds');
  return seconds === null ? 0 : now - Number(seconds) * 1000;
}

/** @throws ApiError 400 while there is nothing to read yet, as a real kubelet refuses it. */
function linesOf(
  pod: Pod,
  container: string,
  status: ContainerStatus | undefined,
  previous: boolean,
  now: number,
): Line[] {
  const { name } = pod.metadata;
  if (previous) {
    const ended = status?.lastState.terminated;
    if (!ended) throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
    return ending(pod, container, ended.exitCode, Date.parse(ended.startedAt), Date.parse(ended.finishedAt));
  }
  const running = status?.state.running;
  if (running) return serving(pod, container, Date.parse(running.startedAt), now);
  const ended = status?.state.terminated ?? status?.lastState.terminated;
  if (ended)
    return ending(pod, container, ended.exitCode, Date.parse(ended.startedAt), Date.parse(ended.finishedAt));
  const reason = status?.state.waiting?.reason ?? 'ContainerCreating';
  const pulling = reason === 'ImagePullBackOff' || reason === 'ErrImagePull';
  throw badRequest(
    `container "${container}" in pod "${name}" is waiting to start: ${pulling ? 'trying and failing to pull image' : reason}`,
  );
}

function imageOf(pod: Pod, container: string): string {
  return pod.spec.containers.find((one) => one.name === container)?.image ?? '';
}

function opening(pod: Pod, container: string, start: number): Line[] {
  return [
    {
      at: start,
      text: `level=info msg="starting" image=${imageOf(pod, container)} pod=${pod.metadata.name}`,
    },
    { at: start + 40, text: 'level=info msg="configuration loaded" source=/etc/app/config.yml' },
    { at: start + 180, text: 'level=info msg="listening" address=0.0.0.0:8080' },
  ];
}

const routes = ['GET /healthz', 'GET /api/orders', 'POST /api/orders', 'GET /api/items', 'GET /metrics'];

function serving(pod: Pod, container: string, start: number, now: number): Line[] {
  const count = Math.floor((now - start) / everyMs);
  const first = Math.max(0, count - linesMax);
  const unready = imageOf(pod, container).includes('unready');
  const lines: Line[] = opening(pod, container, start).filter((line) => line.at <= now && first === 0);
  for (let index = first; index < count; index += 1) {
    const route = routes[(index * 7) % routes.length] ?? '';
    const status = unready && route.includes('healthz') ? 503 : 200;
    lines.push({
      at: start + (index + 1) * everyMs,
      text: `level=info msg="request" route="${route}" status=${status} took=${3 + ((index * 13) % 40)}ms`,
    });
  }
  return lines;
}

function ending(pod: Pod, container: string, exitCode: number, start: number, end: number): Line[] {
  const lines = opening(pod, container, start).filter((line) => line.at <= end);
  if (exitCode === 0) return [...lines, { at: end, text: 'level=info msg="done"' }];
  if (exitCode === 137)
    return [...lines, { at: end, text: 'level=warn msg="memory use is close to its limit"' }];
  return [
    ...lines,
    {
      at: end,
      text: 'level=error msg="cannot reach the database" error="dial tcp 10.96.0.20:5432: connection refused"',
    },
    { at: end, text: 'panic: cannot start without a database' },
    { at: end, text: 'goroutine 1 [running]:' },
    { at: end, text: 'main.main()' },
    { at: end, text: `exit status ${exitCode}` },
  ];
}

/** The lines so far, then new ones as time passes, until the container stops or the client leaves. */
function follow(
  { world }: Handling,
  pod: Pod,
  container: string,
  shown: readonly Line[],
  write: (line: Line) => string,
  register: (close: () => void) => () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const { namespace, name } = pod.metadata;
  let end = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      let lastAt = world.clock.now();
      let timer: ReturnType<typeof world.clock.after> | undefined;
      let closed = false;
      const forget = register(() => end());
      end = () => {
        if (closed) return;
        closed = true;
        forget();
        timer?.cancel();
        controller.close();
      };
      for (const line of shown) controller.enqueue(encoder.encode(write(line)));
      const more = () => {
        const live = world.store.get('/pods', namespace, name) as Pod | undefined;
        const status = live?.status.containerStatuses?.find((one) => one.name === container);
        if (!live || !status?.state.running) return end();
        const now = world.clock.now();
        const fresh = linesOf(live, container, status, false, now).filter((line) => line.at > lastAt);
        for (const line of fresh) controller.enqueue(encoder.encode(write(line)));
        lastAt = now;
        timer = world.clock.after(1_000, more);
      };
      timer = world.clock.after(1_000, more);
    },
    cancel: () => end(),
  });
}
