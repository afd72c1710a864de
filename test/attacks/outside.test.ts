/** What others answer us: far too much of it, hidden commands in it, or nothing that it should be. */
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { readBackstage } from '../../src/catalog/import/backstage.ts';
import { type CostLine, costCsv } from '../../src/core/cost-report.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { jobInputs } from '../../src/core/job-inputs.ts';
import { readMoment } from '../../src/core/moment.ts';
import { healthOf } from '../../src/core/readiness.ts';
import { serviceJobSchema } from '../../src/core/service-job.ts';
import type { GithubClient } from '../../src/platforms/github/client.ts';
import { createFolders } from '../../src/platforms/github/folders.ts';
import { loadKubeconfig } from '../../src/platforms/kubernetes/kubeconfig.ts';
import { createTransport } from '../../src/platforms/kubernetes/transport.ts';

test('a status of five megabytes is a line that was looked through in a moment', () => {
  const message = `password=hunter22 ${'x'.repeat(5_000_000)}`;
  const conditions = [{ type: 'Ready', status: 'False', reason: 'Failed', message }];
  const claim = {
    apiVersion: 'x.example/v1',
    kind: 'Claim',
    metadata: { name: 'a' },
    status: { conditions },
  };
  const before = performance.now();
  const { state, why } = healthOf(claim);
  expect(performance.now() - before).toBeLessThan(500);
  expect(state).toBe('failed');
  expect(why.length).toBeLessThanOrEqual(240);
  expect(why).not.toContain('hunter22');
});

test('an answer of a cluster without an end is given up, not kept', async () => {
  let sent = 0;
  const megabyte = Buffer.alloc(1024 * 1024, 32);
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    const more = (): void => {
      while (!response.destroyed && sent < 200) {
        sent += 1;
        if (!response.write(megabyte)) return void response.once('drain', more);
      }
      response.end();
    };
    more();
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const literal = JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'a', users: [{ name: 'a', user: {} }] },
    clusters: [{ name: 'a', cluster: { server: `http://127.0.0.1:${port}` } }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
  });
  const transport = createTransport(loadKubeconfig({ literal }), 10_000, 4 * megabyte.length);
  await expect(transport.call({ method: 'GET', path: '/version' })).rejects.toThrow(/longer than/);
  expect(sent).toBeLessThan(200);
  await transport.close();
});

test('a folder of ten thousand files is refused by its list, and none of them is read', async () => {
  let calls = 0;
  const data = Array.from({ length: 10_000 }, (_, index) => ({
    name: `${index}.yml`,
    type: 'file',
    size: 1,
  }));
  const client = { find: async () => ({ data, calls: ++calls }) } as unknown as GithubClient;
  const { folder } = createFolders(client);
  const asked = { repository: 'acme/blueprints', ref: 'main', path: 'x', isWanted: () => true, most: 200 };
  await expect(folder(asked)).rejects.toThrow(/more than 200 files/);
  expect(calls).toBe(1);
});

test.each(['--host=evil', '-rf', '$(id)', '`id`', '../x', 'a b', "';", '$(SECRET)', '\u202e', 'a\nb'])(
  'a Job takes no %j from chat: it would be an option, a command or a path',
  (typed) => {
    const job = serviceJobSchema.parse({ title: 'Sync', inputs: { host: { title: 'Host' } } });
    expect(jobInputs(job).check({ host: typed }).ok).toBe(false);
    expect(jobInputs(job).check({ host: 'db-1.acme:5432' }).ok).toBe(true);
  },
);

test.each(['=cmd()', '+1', '-1', '@SUM(A1)', '\t=1', '＝1+1', '＋1', '－1', '＠x', '\n=1'])(
  'a cell %j of the cost report is text to a spreadsheet',
  (name) => {
    const line: CostLine = {
      ...{ month: '2026-11', team: 'checkout', blueprint: 'own', name, requestId: requestIdOf(1) },
      ...{ requester: `${name}","x`, awakeMs: 0, asleepMs: 0, cents: 0 },
    };
    const [, row = ''] = costCsv([line], 'EUR').split('\r\n');
    for (const cell of row.match(/"(?:[^"]|"")*"|[^,]+/g) ?? []) {
      expect(cell.replace(/^"/, '')).toMatch(/^['\w]/);
    }
  },
);

test('a catalog-info.yaml of somebody else brings no address but of the web, no prototype and no flood', () => {
  const laughs = Array.from({ length: 12 }, (_, index) => {
    const before = index === 0 ? 'x' : `*a${index - 1}`;
    return `a${index}: &a${index} [${Array(9).fill(before).join(', ')}]`;
  }).join('\n');
  const text = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: constructor
  annotations: { github.com/project-slug: acme/x }
  links: [{ url: "javascript:alert(1)", title: x }, { url: "data:text/html,x" }, { url: "https://ok.example" }]
spec: { owner: team-a }
---
kind: Component
metadata: { name: __proto__, annotations: { github.com/project-slug: "../../x" } }
spec: { owner: team-a }
---
kind: Component
${laughs}
`;
  const before = performance.now();
  const { services, left } = readBackstage([{ file: 'catalog-info.yaml', text }]);
  expect(performance.now() - before).toBeLessThan(500);
  expect(Object.keys(services)).toEqual(['constructor']);
  expect(Object.values(services)[0]?.links).toEqual([expect.objectContaining({ url: 'https://ok.example' })]);
  expect(left.length).toBe(2);
});

test.each([
  '1e309', 'NaN', '-1h', 'in -1h', '0001-01-01 00:00', '9999-12-31 23:59', '275761-01-01 00:00', '2026-02-30 09:00',
  '24:00', '09:60', 'in 99999w', 'in 1e3h', '2027-03-28 02:30', "09:00'; drop", '٠٩:٠٠', ' ',
])('the moment %j begins nothing', (text) => {
  const now = Date.UTC(2026, 10, 18, 9);
  expect(readMoment(text, now, 'Europe/Berlin')).toMatchObject({ ok: false });
}); // biome-ignore format: a table of texts
