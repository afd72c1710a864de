import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Schedule } from '../../../src/core/groups.ts';
import { connectSchedules } from '../../../src/platforms/oncall/schedules.ts';
import { elsewhere } from '../elsewhere.ts';

interface Answer {
  readonly status?: number;
  readonly body: unknown;
  /** With a status of 302. */
  readonly location?: string;
}

/** A server that answers as PagerDuty's reference says, or however a test wants it. */
async function server(answer: (request: IncomingMessage, url: URL) => Answer) {
  const asked: { url: URL; headers: IncomingMessage['headers'] }[] = [];
  const made = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    asked.push({ url, headers: request.headers });
    const { status = 200, body, location } = answer(request, url);
    response.writeHead(status, location === undefined ? {} : { location });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void made.close());
  return { url: `http://127.0.0.1:${(made.address() as AddressInfo).port}`, asked };
}

const user = (email: string) => ({
  escalation_level: 1,
  schedule: { id: 'PI7DH85', type: 'schedule_reference' },
  user: { id: 'PT23IWX', type: 'user', name: 'Sam', email },
});

const asking = (schedule: Schedule | undefined, url = '', token = 'token-of-pagerduty') =>
  connectSchedules({ token: 'bearer-token', pagerduty: { token, url } }, () => schedule).members('night');

test("PagerDuty's on-calls of a schedule are people by their addresses, page by page, each once", async () => {
  const { url, asked } = await server((_request, { searchParams }) =>
    searchParams.get('offset') === '0'
      ? { body: { oncalls: [user('Sam@acme.example'), user('sam@acme.example')], more: true, limit: 100 } }
      : { body: { oncalls: [user('olga@acme.example')], more: false, limit: 100 } },
  );
  expect(await asking({ pagerduty: 'PI7DH85' }, url)).toEqual(['sam@acme.example', 'olga@acme.example']);
  expect(asked.map((one) => one.url.pathname + one.url.search)).toEqual([
    '/oncalls?schedule_ids%5B%5D=PI7DH85&include%5B%5D=users&limit=100&offset=0',
    '/oncalls?schedule_ids%5B%5D=PI7DH85&include%5B%5D=users&limit=100&offset=100',
  ]);
  expect(asked[0]?.headers).toMatchObject({
    authorization: 'Token token=token-of-pagerduty',
    accept: 'application/vnd.pagerduty+json;version=2',
  });
});

test.each([
  [['sam@acme.example']],
  [[{ email: 'sam@acme.example', name: 'Sam' }]],
  [{ onCall: ['Sam@acme.example'], until: 'tomorrow' }],
  [{ onCall: [{ email: 'sam@acme.example' }] }],
])('an address may answer %j', async (body) => {
  const { url, asked } = await server(() => ({ body }));
  expect(await asking({ http: `${url}/on-call.json` })).toEqual(['sam@acme.example']);
  expect(asked[0]?.headers.authorization).toBe('Bearer bearer-token');
});

test('a PagerDuty whose pages have no end is not believed to have named everybody', async () => {
  const { url, asked } = await server(() => ({ body: { oncalls: [user('sam@acme.example')], more: true } }));
  await expect(asking({ pagerduty: 'PI7DH85' }, url)).rejects.toThrow('answers more than anybody reads');
  expect(asked).toHaveLength(10);
});

test('a schedule may be written in the catalog itself', async () => {
  expect(await asking({ members: ['sam@acme.example'] })).toEqual(['sam@acme.example']);
});

test.each<[string, Answer]>([
  ['no JSON', { body: '<html>' }],
  ['something else', { body: { people: [] } }],
  ['what is no address', { body: ['sam'] }],
  ['an error', { status: 500, body: 'sorry' }],
  ['that it knows no such token', { status: 401, body: {} }],
  [
    'more than anybody reads',
    { body: JSON.stringify(Array.from({ length: 60_000 }, () => 'sam@acme.example')) },
  ],
])(
  'whoever answers %s says nothing of who is on call, and no secret is in the problem',
  async (_what, answer) => {
    const { url } = await server(() => answer);
    const error = await asking({ http: url }).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ problem: { sentence: expect.stringMatching(/^The schedule /) } });
    expect(JSON.stringify(error)).not.toContain('bearer-token');
  },
);

test.each<[string, Schedule]>([
  ['an address of a schedule', { http: 'its own' }],
  ['PagerDuty', { pagerduty: 'PI7DH85' }],
])('where %s says that it is instead, nothing is asked: the token stays here', async (_what, schedule) => {
  const people = ['sam@acme.example'];
  const other = await elsewhere('http' in schedule ? people : { oncalls: people.map(user) });
  const { url } = await server(() => ({ status: 302, body: {}, location: other.url }));
  const asked = asking('http' in schedule ? { http: url } : schedule, url);
  await expect(asked).rejects.toThrow('The schedule night');
  expect(other.arrived).toEqual([]);
});

test('nobody there, no token and no such schedule are told apart', async () => {
  await expect(asking({ http: 'http://127.0.0.1:1/' })).rejects.toThrow('The schedule night');
  await expect(asking(undefined)).rejects.toThrow('is not in the catalog');
  const without = connectSchedules({}, () => ({ pagerduty: 'PI7DH85' }));
  await expect(without.members('night')).rejects.toThrow('without PAGERDUTY_TOKEN');
});
