/** What stands between us and an API server: connections, credentials, answers that are none. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectCluster } from '../../../src/platforms/kubernetes/cluster.ts';
import { loadKubeconfig } from '../../../src/platforms/kubernetes/kubeconfig.ts';
import { createTransport } from '../../../src/platforms/kubernetes/transport.ts';
import { elsewhere } from '../elsewhere.ts';
import { problemOfCall } from './world.ts';

interface Server {
  readonly url: string;
  readonly requests: IncomingMessage[];
  connections: number;
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const seen: Server = { url: '', requests: [], connections: 0 };
  const server = createServer((request, response) => {
    seen.requests.push(request);
    answer(request, response);
  });
  server.on('connection', () => {
    seen.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(seen, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

function kubeconfigAt(url: string, user = '{ token: very-secret-token }') {
  return loadKubeconfig({
    literal: `
apiVersion: v1
kind: Config
clusters: [{ name: c, cluster: { server: "${url}" } }]
users: [{ name: u, user: ${user} }]
contexts: [{ name: sandbox, context: { cluster: c, user: u } }]
current-context: sandbox
`,
  });
}

function clusterAt(url: string, user?: string, timeoutMs = 10_000) {
  const cluster = connectCluster({
    kubeconfig: kubeconfigAt(url, user),
    context: 'sandbox',
    fieldManager: 'greenlight',
    timeoutMs,
  });
  onTestFinished(() => cluster.close());
  return cluster;
}

const json =
  (body: unknown, status = 200) =>
  (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };

const plugin = (command: string) =>
  `{ apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ${JSON.stringify(command)} }`;

describe('a connection', () => {
  it('is kept for the next calls', async () => {
    const server = await serve(json({ items: [] }));
    const cluster = clusterAt(server.url);
    for (let call = 0; call < 5; call++) await cluster.warnings('default', 5);
    expect(server.requests).toHaveLength(5);
    // A call may begin before the connection of the one before is free again, hence not exactly one.
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it('carries the token, and no problem ever does', async () => {
    const server = await serve(json({ message: 'Unauthorized', reason: 'Unauthorized' }, 401));
    const found = await problemOfCall(clusterAt(server.url).warnings('default', 5));
    expect(server.requests[0]?.headers.authorization).toBe('Bearer very-secret-token');
    expect(found.sentence).toMatch(/^The cluster sandbox does not accept Greenlight's credentials/);
    expect(JSON.stringify(found)).not.toContain('very-secret-token');
  });

  it('signs in with a name and password where the kubeconfig has those', async () => {
    const server = await serve(json({ items: [] }));
    await clusterAt(server.url, '{ username: sam, password: pass }').warnings('default', 5);
    expect(server.requests[0]?.headers.authorization).toBe(`Basic ${btoa('sam:pass')}`);
  });

  it.each([
    ['whose file is missing, which no waiting brings', '{ client-certificate: /nowhere.pem }', false],
    ['whose plugin is missing, which no waiting brings', `{ exec: ${plugin('/nowhere/plugin')} }`, false],
    ['whose plugin has failed, which may pass', `{ exec: ${plugin('false')} }`, true],
    ['whose plugin has said nothing, which may pass', `{ exec: ${plugin('true')} }`, true],
  ])('is not made with credentials %s', async (_which, user, isTransient) => {
    const server = await serve(json({ items: [] }));
    const found = await problemOfCall(clusterAt(server.url, user).warnings('default', 5));
    expect(found.sentence).toBe('Greenlight could not get its credentials for the cluster sandbox.');
    expect(found.isTransient ?? false).toBe(isTransient);
    expect(server.requests).toHaveLength(0);
  });
});

describe('an answer', () => {
  it('that never comes is given up', async () => {
    const server = await serve(() => undefined);
    const cluster = clusterAt(server.url, undefined, 50);
    expect(await problemOfCall(cluster.warnings('default', 5))).toMatchObject({
      sentence: 'The cluster sandbox did not answer in time.',
      isTransient: true,
    });
  });

  it('that stops in the middle is no answer', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"items": [', () => response.destroy());
    });
    expect(await problemOfCall(clusterAt(server.url).warnings('default', 5))).toMatchObject({
      code: 'outside_unavailable',
      isTransient: true,
    });
  });

  it.each(['<html>proxy</html>', '[]', '{"items": [{"metadata": 5}]}'])(
    'that cannot be read (%s) is said to be that',
    async (text) => {
      const server = await serve((_, response) => response.end(text));
      expect(await problemOfCall(clusterAt(server.url).warnings('default', 5))).toMatchObject({
        sentence: 'The cluster sandbox answered with something that Greenlight cannot read.',
        isTransient: true,
      });
    },
  );

  it('404 of something that is no API server does not mean that an object is gone', async () => {
    const server = await serve((_, response) => response.writeHead(404).end('404 page not found'));
    const found = await problemOfCall(clusterAt(server.url).workload('env-a', 'web'));
    expect(found.code).toBe('not_found');
  });

  it('that points elsewhere is not followed: the token stays here', async () => {
    const other = await elsewhere({ items: [] });
    const server = await serve((_, response) => {
      // Nor is what stands beside it taken for an answer.
      response.writeHead(302, { location: other.url }).end('{"items": []}');
    });
    expect(await problemOfCall(clusterAt(server.url).warnings('default', 5))).toMatchObject({
      code: 'outside_unavailable',
    });
    expect(server.requests).toHaveLength(1);
    expect(other.arrived).toEqual([]);
  });

  it('of many pages is read to its end', async () => {
    const event = (name: string) => ({
      metadata: { name },
      involvedObject: { kind: 'Pod', name },
      message: name,
    });
    const server = await serve((request, response) => {
      const isSecond = request.url?.includes('continue=next');
      json(isSecond ? { items: [event('b')] } : { metadata: { continue: 'next' }, items: [event('a')] })(
        request,
        response,
      );
    });
    const warnings = await clusterAt(server.url).warnings('default', 5);
    expect(warnings.map((one) => one.object)).toEqual(['Pod a', 'Pod b']);
  });
});

describe('a stream', () => {
  it('whose line does not end is let go of before it fills our memory', async () => {
    const server = await serve((_, response) => response.end('x'.repeat(9 * 1024 * 1024)));
    const transport = createTransport(kubeconfigAt(server.url), 10_000);
    onTestFinished(() => transport.close());
    const { lines } = await transport.open({ path: '/api/v1/pods' }, new AbortController().signal);
    await expect(lines[Symbol.asyncIterator]().next()).rejects.toThrow('a line of the stream is too long');
  });
});

describe('a kubeconfig', () => {
  it('that is none, or lacks the context, says so without quoting it', () => {
    expect(() => loadKubeconfig({ literal: 'a: [secret' })).toThrow('The kubeconfig cannot be read.');
    expect(() => loadKubeconfig({ literal: 'clusters: []' })).toThrow('names no cluster');
    expect(() => loadKubeconfig('nowhere.yml')).toThrow('The kubeconfig cannot be read.');
    const literal = `
clusters: [{ name: c, cluster: { server: "https://c.example" } }]
users: []
contexts: [{ name: one, context: { cluster: c, user: u } }]
`;
    expect(() =>
      connectCluster({ kubeconfig: loadKubeconfig({ literal }), context: 'two', fieldManager: 'x' }),
    ).toThrow('has no context "two" with a cluster; it has: one.');
  });
});
