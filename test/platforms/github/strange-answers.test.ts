/** What is no answer of GitHub's: a proxy's page, a field of another type, brackets without end. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectGithub } from '../../../src/platforms/github/forge.ts';
import { connectTeamMembers } from '../../../src/platforms/github/team-members.ts';

let answer = '';
let status = 200;
const server = createServer((_request, response) => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(answer);
});
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const github = () => ({
  auth: { token: 'x' },
  baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
});
const unreadable = {
  problem: {
    code: 'outside_unavailable',
    sentence: 'GitHub answered with something that Greenlight cannot read.',
    isTransient: true,
  },
};
const sha = 'a'.repeat(40);

test.each([
  ['resolve', '{"sha":7}', () => connectGithub(github()).resolve('acme/payments', 'v1.4.2')],
  ['defaultBranch', '[]', () => connectGithub(github()).defaultBranch('acme/payments')],
  ['tags', '{"name":"v1"}', () => connectGithub(github()).tags('acme/payments', 5)],
  ['compare', '{"commits":"none"}', () => connectGithub(github()).compare('acme/payments', 'v1', 'v2')],
  ['checks', '{"check_runs":[{"name":[]}]}', () => connectGithub(github()).checks('acme/payments', sha)],
  ['deployments', '[null]', () => connectGithub(github()).deployments('acme/payments', 'production', 3)],
  [
    'team',
    '[{"login":{}}]',
    () => connectTeamMembers(github(), (login) => `${login}@acme.example`).members('acme/sre'),
  ],
])('%s: an answer that is none of GitHub reads as an outage, with a sentence', async (_name, body, ask) => {
  answer = body;
  await expect(ask()).rejects.toMatchObject(unreadable);
});

test('4 kB of brackets cost no more than any other answer, also in a refusal', async () => {
  answer = `{"sha":"${sha}","commit":${'['.repeat(2_000)}${']'.repeat(2_000)}}`;
  const before = process.threadCpuUsage();
  await expect(connectGithub(github()).resolve('acme/payments', 'v1.4.2')).rejects.toMatchObject(unreadable);
  status = 422;
  await expect(connectGithub(github()).resolve('acme/payments', 'v1.4.2')).rejects.toMatchObject({
    problem: { sentence: expect.stringMatching(/\.$/) },
  });
  status = 200;
  const { user } = process.threadCpuUsage(before);
  expect(user / 1_000).toBeLessThan(500);
});

test('brackets in a text count for nothing', async () => {
  answer = JSON.stringify({ default_branch: 'main', description: `\\"${'[{'.repeat(500)}` });
  expect(await connectGithub(github()).defaultBranch('acme/payments')).toBe('main');
});
