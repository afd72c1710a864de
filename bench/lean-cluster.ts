/**
 * An API server for the bench alone, in a process of its own: the real list and watch protocol (pages, versions,
 * bookmarks) over more Pods than the sandbox's controllers could bring to life in time. Nothing changes unless told to:
 * `POST /churn?changes=1000` replaces Pods and complains, as a busy hour does.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deployment, event, type KubeObject, node, pod, quota, replicaSet } from './lean-objects.ts';

const services = Number(process.argv[2] ?? 200);
const podsEach = Number(process.argv[3] ?? 25);
/** As in a real cluster: complaints are forgotten after an hour; here, when so many newer ones came. */
const eventsKept = 2_000;

let version = 1_000;
const lists = new Map<string, Map<string, KubeObject>>(
  ['deployments', 'replicasets', 'pods', 'events', 'resourcequotas', 'nodes'].map((name) => [
    name,
    new Map(),
  ]),
);
const watchers = new Map<string, Set<ServerResponse>>();
const log: { readonly plural: string; readonly at: number; readonly line: string }[] = [];
let serial = 0;

for (let index = 0; index < 60; index++) put('nodes', node(`node-${index}`));
for (let service = 0; service < services; service++) {
  put('deployments', deployment(service, podsEach));
  put('replicasets', replicaSet(service, podsEach));
  put('resourcequotas', quota(service));
  for (let index = 0; index < podsEach; index++) put('pods', pod(service, serial++));
}

const server = createServer((request, response) => void answer(request, response));
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(
    `${JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`,
  );
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  for await (const _chunk of request);
  if (url.pathname === '/version') return json(response, { gitVersion: 'v1.32.0' });
  if (url.pathname.endsWith('/selfsubjectaccessreviews'))
    return json(response, { status: { allowed: true } }, 201);
  if (url.pathname === '/churn') {
    churn(Number(url.searchParams.get('changes')));
    return json(response, { version });
  }
  const found = /^\/(?:api|apis\/apps)\/v1(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+))?$/.exec(
    url.pathname,
  );
  const [, namespace, plural = '', name] = found ?? [];
  const list = lists.get(plural);
  if (!list) return json(response, { kind: 'Status', reason: 'NotFound', message: 'no such path' }, 404);
  if (name !== undefined) {
    const one = list.get(`${namespace}/${name}`);
    return one ? json(response, one) : json(response, { kind: 'Status', reason: 'NotFound' }, 404);
  }
  if (url.searchParams.get('watch') === 'true')
    return watch(plural, Number(url.searchParams.get('resourceVersion')), response);
  listPage(
    [...list.values()].filter((one) => namespace === undefined || one.metadata.namespace === namespace),
    url,
    response,
  );
}

function listPage(items: readonly KubeObject[], url: URL, response: ServerResponse): void {
  const from = Number(url.searchParams.get('continue') ?? 0);
  const to = from + Number(url.searchParams.get('limit') ?? items.length);
  const next = to < items.length ? { continue: String(to) } : {};
  json(response, {
    kind: 'List',
    metadata: { resourceVersion: String(version), ...next },
    items: items.slice(from, to),
  });
}

function watch(plural: string, from: number, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  for (const one of log) if (one.plural === plural && one.at > from) response.write(one.line);
  const open = watchers.get(plural) ?? new Set();
  watchers.set(plural, open.add(response));
  response.on('close', () => open.delete(response));
}

function put(plural: string, object: KubeObject): void {
  const key = keyOf(object);
  const list = lists.get(plural);
  const type = list?.has(key) ? 'MODIFIED' : 'ADDED';
  object.metadata.resourceVersion = String(++version);
  list?.set(key, object);
  tell(plural, type, object);
}

function remove(plural: string, object: KubeObject): void {
  lists.get(plural)?.delete(keyOf(object));
  tell(plural, 'DELETED', {
    ...object,
    metadata: { ...object.metadata, resourceVersion: String(++version) },
  });
}

function tell(plural: string, type: string, object: KubeObject): void {
  const line = `${JSON.stringify({ type, object })}\n`;
  log.push({ plural, at: version, line });
  if (log.length > 500) log.shift();
  for (const response of watchers.get(plural) ?? []) response.write(line);
}

/** Pods go and others come in their place; each new one complains once. */
function churn(changes: number): void {
  const pods = lists.get('pods');
  const events = lists.get('events');
  for (let change = 0; change < changes; change++) {
    const [oldest] = pods?.values() ?? [];
    if (!oldest) return;
    remove('pods', oldest);
    const next = pod(change % services, serial++);
    put('pods', next);
    put('events', event(change % services, next.metadata.name));
    const [forgotten] = events?.values() ?? [];
    if (events && forgotten && events.size > eventsKept) remove('events', forgotten);
  }
  for (const [plural, open] of watchers) {
    const bookmark = {
      type: 'BOOKMARK',
      object: { metadata: { name: plural, resourceVersion: String(version) } },
    };
    for (const response of open) response.write(`${JSON.stringify(bookmark)}\n`);
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
