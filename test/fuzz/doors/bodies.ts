/**
 * Webhook bodies: Slack's Events API, the only webhook that there is, and what the outside answers when it is asked
 * (GitHub, addresses of schedules, PagerDuty, Prometheus): bytes of others, read by us.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ProblemError } from '../../../src/core/problem.ts';
import { connectGithub } from '../../../src/platforms/github/forge.ts';
import { connectTeamMembers } from '../../../src/platforms/github/team-members.ts';
import { connectSchedules } from '../../../src/platforms/oncall/schedules.ts';
import { connectPrometheus } from '../../../src/platforms/prometheus/connect.ts';
import { type Bot, openBot } from '../bot.ts';
import type { Door, Outcome } from '../door.ts';
import { damagedText, damagedValue, nastyValue } from '../nasties.ts';
import type { Random } from '../random.ts';

export const bodies: Door = {
  name: 'webhook bodies',
  inputsPerWorld: 3_000,
  async open() {
    const bot = await openBot();
    const outside = await openOutside();
    return {
      make(random) {
        if (random.chance(0.4)) {
          const body = textOf(random, { ...random.pick(events), event_id: `Ev${random.next()}` });
          return { text: body, send: () => told(bot, body) };
        }
        const { question, body: real } = random.pick(questions);
        const body = textOf(random, real);
        const status = random.chance(0.85)
          ? 200
          : random.pick([201, 204, 301, 400, 401, 403, 404, 409, 422, 429, 500, 503]);
        return {
          text: `${question} ${status} ${body}`,
          send: () => outside.answering(status, body, () => asked(outside.url, question)),
        };
      },
      async close() {
        outside.close();
        await bot.close();
      },
    };
  },
};

const envelope = {
  token: 'x',
  team_id: 'T0ACME',
  api_app_id: 'A0GREENLIGHT',
  type: 'event_callback',
  event_time: 1,
};
const event = (one: object) => ({ ...envelope, event: { event_ts: '1.0', ...one } });
const events: readonly Record<string, unknown>[] = [
  event({ type: 'app_home_opened', user: 'U0DANA', tab: 'home', channel: 'D0DANA' }),
  event({ type: 'app_home_opened', user: 'U0GIL', tab: 'messages', channel: 'D0GIL' }),
  event({
    type: 'user_change',
    user: { id: 'U0RON', deleted: true, profile: { email: 'ron@acme.example' } },
  }),
  event({ type: 'channel_shared', channel: 'C0DEPLOYS', connected_team_id: 'T0GLOBEX' }),
  event({ type: 'channel_unshared', channel: 'C0GENERAL', previously_connected_team_id: 'T0GLOBEX' }),
  event({ type: 'message', channel: 'C0GENERAL', user: 'U0DANA', text: 'hello', ts: '1.0' }),
  { type: 'url_verification', token: 'x', challenge: 'abc' },
  { ...envelope, type: 'app_rate_limited', minute_rate_limited: 1 },
];

const commit = {
  sha: 'a'.repeat(40),
  commit: {
    message: 'Say so\n\nCo-authored-by: Max <max@acme.example>',
    author: { name: 'P', email: 'p@acme.example' },
  },
  author: { login: 'priya-nair' },
  html_url: 'https://github.example/c',
};

/** Each with an answer as the outside gives it (docs.github.com/rest, prometheus.io/docs, developer.pagerduty.com). */
const questions = [
  { question: 'resolve', body: commit },
  { question: 'defaultBranch', body: { default_branch: 'main' } },
  { question: 'tags', body: [{ name: 'v1.4.2', commit: { sha: 'a'.repeat(40) } }] },
  {
    question: 'compare',
    body: {
      ...{ html_url: 'https://github.example/x', total_commits: 1, ahead_by: 1, behind_by: 0 },
      ...{ commits: [commit], files: [{ filename: 'a.ts', additions: 1, deletions: 2 }] },
    },
  },
  {
    question: 'checks',
    body: {
      ...{ total_count: 1, state: 'success', statuses: [{ context: 'ci', state: 'success' }] },
      check_runs: [{ name: 'ci', status: 'completed', conclusion: 'success' }],
    },
  },
  {
    question: 'deployments',
    body: [
      {
        ...{
          id: 1,
          ref: 'v1',
          sha: 'a'.repeat(40),
          created_at: '2026-11-01T09:00:00Z',
          payload: { greenlight: 'k' },
        },
        ...{ creator: { login: 'dana-fox' }, description: 'x', state: 'success', environment: 'production' },
      },
    ],
  },
  { question: 'team', body: [{ login: 'dana-fox' }] },
  { question: 'schedule', body: { onCall: [{ email: 'sam@acme.example' }] } },
  { question: 'pagerduty', body: { oncalls: [{ user: { email: 'sam@acme.example' } }], more: false } },
  {
    question: 'prometheus',
    body: {
      status: 'success',
      data: { resultType: 'matrix', result: [{ metric: { pod: 'a' }, values: [[1_700_000_000, '1.5']] }] },
    },
  },
  {
    question: 'instant',
    body: { status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1, 'NaN'] }] } },
  },
] as const;

type Question = (typeof questions)[number]['question'];

/** Asks as the bot does. A refusal is a `ProblemError` with its sentence; whatever else comes out is a fault. */
async function asked(url: string, question: Question): Promise<Outcome> {
  const github = { auth: { token: 'x' }, baseUrl: url };
  const forge = connectGithub(github);
  const metrics = connectPrometheus({ url });
  const schedules = connectSchedules({ pagerduty: { token: 'x', url } }, (name) =>
    name === 'pagerduty' ? { pagerduty: 'P1' } : { http: `${url}/on-call` },
  );
  const ask: Readonly<Record<Question, () => Promise<unknown>>> = {
    resolve: () => forge.resolve('acme/payments', 'v1.4.2'),
    defaultBranch: () => forge.defaultBranch('acme/payments'),
    tags: () => forge.tags('acme/payments', 20),
    compare: () => forge.compare('acme/payments', 'v1', 'v2'),
    checks: () => forge.checks('acme/payments', 'a'.repeat(40)),
    deployments: () => forge.deployments('acme/payments', 'production', 3),
    team: () => connectTeamMembers(github, (login) => `${login}@acme.example`).members('acme/sre'),
    schedule: () => schedules.members('http'),
    pagerduty: () => schedules.members('pagerduty'),
    prometheus: () => metrics.range('up', { from: 0, to: 60_000, stepMs: 60_000 }),
    instant: () => metrics.instant('up', 0),
  };
  try {
    await ask[question]();
    return undefined;
  } catch (error) {
    if (error instanceof ProblemError && error.problem.sentence !== '') return undefined;
    return `no sentence: ${error instanceof Error ? error.stack : String(error)}`;
  }
}

async function told(bot: Bot, body: string): Promise<Outcome> {
  const { status } = await bot.send(body, { 'content-type': 'application/json' });
  return bot.wrongInLog() ?? (status === 200 || status === 400 ? undefined : `answered with ${status}`);
}

function textOf(random: Random, real: unknown): string {
  const value = random.chance(0.05)
    ? nastyValue(random)
    : random.chance(0.8)
      ? damagedValue(random, real)
      : real;
  let text: string;
  try {
    text = JSON.stringify(value) ?? 'null';
  } catch {
    text = '[';
  }
  return random.chance(0.15) ? damagedText(random, text) : text;
}

async function openOutside() {
  let answer = { status: 200, body: '' };
  const server = createServer((_request, response: ServerResponse) => {
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    answering(status: number, body: string, ask: () => Promise<Outcome>) {
      answer = { status, body };
      return ask();
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
