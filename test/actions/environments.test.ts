/** What people read of environments: one, none and many, within Slack's limits; and how far one can be extended. */
import { describe, expect, test } from 'vitest';
import environmentExtend from '../../src/actions/environment.extend.ts';
import environmentList from '../../src/actions/environment.list.ts';
import environmentShow from '../../src/actions/environment.show.ts';
import type { Action, Answer, ReadContext, TargetContext } from '../../src/core/action.ts';
import type { Cluster, Warning, Workload } from '../../src/core/cluster.ts';
import { hourMs, minuteMs } from '../../src/core/duration.ts';
import type { EnvironmentRecord } from '../../src/core/environment-record.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { ProblemError, problem } from '../../src/core/problem.ts';
import { answerMessage } from '../../src/slack/answers.ts';
import { catalog } from '../approvals/shipped.ts';
import { dana } from '../core/requests.ts';
import { expectGoodMessage, textsOf } from '../slack/manners.ts';

/** Wednesday 2026-11-18 10:00 in Berlin, the zone of the catalog. */
const now = Date.UTC(2026, 10, 18, 9);

function record(number: number, more: Partial<EnvironmentRecord> = {}): EnvironmentRecord {
  const name = `pr-${number}`;
  const living = {
    name,
    blueprint: 'web-service',
    team: 'checkout',
    cluster: 'sandbox',
    namespace: `env-${name}`,
    requestId: requestIdOf(number),
    url: `http://${name}.env.acme.example`,
    expiresAt: now + number * hourMs,
    objects: [
      { resource: 'web', apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: `env-${name}` },
    ],
  };
  return {
    name,
    blueprint: 'web-service',
    team: 'checkout',
    requestId: living.requestId,
    requester: 'Dana <!channel> Fox',
    status: 'succeeded',
    size: { cpu: 2, memoryGi: 4, replicas: 1 },
    since: now - 4 * hourMs,
    living,
    extensions: [],
    life: {
      spans: [{ from: now - 4 * hourMs, isAsleep: false, perHour: 114_000, team: 'checkout' }],
      changedBy: [],
      usedAt: now - 4 * hourMs,
    },
    input: {},
    owner: 'dana@acme.example',
    notes: ['Everything about it: `kubectl get all`'],
    ...more,
  };
}

/** One that is on its way. */
function coming(number: number, status: EnvironmentRecord['status']): EnvironmentRecord {
  const { living: _living, ...rest } = record(number, { status });
  return rest;
}

const well: Workload = {
  version: '1.0',
  image: 'registry.acme.example/hello-web:1.0',
  wanted: 1,
  ready: 1,
  restarts: 0,
  isSettled: true,
  troubles: [],
  mayRecover: true,
};

function world(records: readonly EnvironmentRecord[], cluster: Partial<Cluster> = {}) {
  const environments = records.flatMap(({ living }) => living ?? []);
  const asked: string[] = [];
  const context = {
    catalog,
    requester: dana,
    now,
    cluster: () => {
      const seen = {
        workload: async (namespace: string, deployment: string) => {
          asked.push(`${namespace}/${deployment}`);
          return well;
        },
        warnings: async () => [],
        ...cluster,
      };
      return { ...seen, view: () => seen } as unknown as Cluster;
    },
    environments: async () => environments,
    environmentRecords: async () => records,
  } as Partial<ReadContext> as ReadContext;
  const known: TargetContext = { catalog, requesterGroups: ['checkout'], environments, now };
  return { context, known, asked };
}

async function answered(
  action: Action,
  given: object,
  { context }: ReturnType<typeof world>,
): Promise<Answer> {
  if (action.effect !== 'read') throw new Error('no read');
  return action.answer(action.input.parse(given), context);
}

/** As Slack gets it, which must take it. */
function shown(answer: Answer): string {
  const message = answerMessage(answer, { action: 'x', input: {} }, { kind: 'private' });
  expectGoodMessage(message);
  return textsOf(message.blocks, 'mrkdwn').join('\n');
}

describe('the list of environments', () => {
  test('says that there are none, and offers to make one', async () => {
    const answer = await answered(environmentList, {}, world([]));
    expect(shown(answer)).toContain('There are no environments.');
    expect(answer.next).toEqual([{ label: 'Create one', commandLine: '/env create' }]);
  });

  test('says of one what, whose, until when and for how much', async () => {
    const text = shown(await answered(environmentList, {}, world([record(8)])));
    expect(text).toContain('1 environment, 2.74 EUR a day.');
    expect(text).toContain(
      'pr-8: Web service, Dana &lt;!channel&gt; Fox, ends Wed 18 Nov, 18:00 CET (in 8h)',
    );
    expect(text).toContain('0.46 EUR so far, 2.74 EUR a day, <http://pr-8.env.acme.example>');
  });

  test('names those on their way, which cost nothing yet', async () => {
    const records = [record(8), coming(9, 'waiting'), coming(10, 'running')];
    const text = shown(await answered(environmentList, {}, world(records)));
    expect(text).toContain('1 environment, 2.74 EUR a day; 2 more are on the way.');
    expect(text).toContain('waiting for approval (REQ-9)');
    expect(text).toContain('being made (REQ-10)');
  });

  test('shows all of sixty, by team, what ends first first', async () => {
    const teams = ['payments', 'checkout'];
    const records = Array.from({ length: 60 }, (_, index) => {
      const one = record(60 - index);
      return { ...one, team: teams[index % 2] ?? '' };
    });
    const text = shown(await answered(environmentList, {}, world(records)));
    for (const { name } of records) expect(text).toContain(`• ${name}: `);
    expect(text).toMatch(
      /Checkout team: 30 environments[\s\S]*pr-1: [\s\S]*pr-3: [\s\S]*Payments team: 30 environments/,
    );
  });

  test('shows the nights of what sleeps, and namespaces that nobody recorded', async () => {
    const asleep = record(8);
    const labels = { 'greenlight.dev/request': 'REQ-99-a1b2' };
    const stray = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'env-stray', labels } };
    const records = [{ ...asleep, life: { ...asleep.life, sleep: { since: now - hourMs } } }];
    const text = shown(await answered(environmentList, {}, world(records, { list: async () => [stray] })));
    expect(text).toContain('1 environment, 0.27 EUR a day');
    expect(text).toContain('asleep for 1h, until somebody wakes it, ends Wed 18 Nov');
    expect(text).toContain('env-stray, its labels name REQ-99');
  });

  test('of six hundred says how many are left out', async () => {
    const records = Array.from({ length: 600 }, (_, index) => record(index + 1));
    expect(shown(await answered(environmentList, {}, world(records)))).toContain('and 540 more lines');
  });

  test('can be of one team, which must exist', async () => {
    const records = [record(1), record(2, { team: 'payments' })];
    const answer = await answered(environmentList, { team: 'payments' }, world(records));
    expect(shown(answer)).not.toContain('pr-1');
    expect(answer.title).toBe('Environments of Payments team');
    const target = environmentList.target({ team: 'paymnts' }, world([]).known);
    expect(!target.ok && target.problem.sentence).toContain('Did you mean "payments"?');
  });
});

describe('one environment', () => {
  test('is shown with its health, its life and what can be done with it', async () => {
    const stage = world([
      record(8, { extensions: [{ by: requestIdOf(9), at: now, from: now, until: now + 90 * minuteMs }] }),
    ]);
    const answer = await answered(environmentShow, { name: 'pr-8' }, stage);
    expect(stage.asked).toEqual(['env-pr-8/web']);
    expect(answer).toMatchObject({
      mood: 'good',
      sentence: 'pr-8 ends Wed 18 Nov, 18:00 CET (in 8h). Its workload: healthy.',
      links: [{ url: 'http://pr-8.env.acme.example' }],
    });
    expect(answer.next.map((one) => one.commandLine)).toEqual([
      '/env sleep pr-8',
      '/env extend pr-8 by 4h',
      '/env destroy pr-8',
    ]);
    const text = shown(answer);
    expect(text).toContain('1 time, 1h 30m in all');
    expect(text).toContain('0.46 EUR so far, 2.74 EUR a day');
    expect(text).toContain('kubectl get all');
    expect(text).toContain('REQ-8');
  });

  test('says in words why it is not well', async () => {
    const warning: Warning = {
      reason: 'BackOff',
      message: 'restarting',
      object: 'Pod/web-1',
      count: 3,
      lastAt: now - minuteMs,
    };
    const stage = world([record(8)], {
      workload: async () => ({
        ...well,
        ready: 0,
        isSettled: false,
        troubles: ['CrashLoopBackOff: it exits'],
      }),
      warnings: async () => [warning, { ...warning, lastAt: now - 5 * hourMs, reason: 'Old' }],
    });
    const answer = await answered(environmentShow, { name: 'pr-8' }, stage);
    expect(answer).toMatchObject({
      mood: 'bad',
      sentence: expect.stringContaining('CrashLoopBackOff: it exits.'),
    });
    expect(shown(answer)).toContain('1m ago ×3: BackOff on Pod/web-1: restarting');
    expect(shown(answer)).not.toContain('Old');
  });

  test('is shown also when its cluster is away or it has no workload', async () => {
    const away = async () => {
      throw new ProblemError(problem('outside_unavailable', 'The cluster is away.', 'Wait.'));
    };
    const silent = world([record(8)], { workload: away, warnings: away });
    expect((await answered(environmentShow, { name: 'pr-8' }, silent)).sentence).toContain(
      'The cluster is away.',
    );
    const { living } = record(8);
    const bare = world([record(8, living ? { living: { ...living, objects: [] } } : {})]);
    expect((await answered(environmentShow, { name: 'pr-8' }, bare)).mood).toBe('unknown');
  });

  test('that went meanwhile is named as gone', async () => {
    await expect(
      answered(environmentShow, { name: 'pr-8' }, world([coming(8, 'running')])),
    ).rejects.toMatchObject({
      problem: { code: 'not_found' },
    });
  });
});

describe('an extension', () => {
  const preview = (given: object, stage: ReturnType<typeof world>) => {
    if (environmentExtend.effect === 'read') throw new Error('a read');
    return environmentExtend.preview(environmentExtend.input.parse(given), stage.context);
  };

  test('says from when to when and what it costs, and is agreed to for exactly that end', async () => {
    expect(await preview({ name: 'pr-8', by: '4h' }, world([record(8)]))).toMatchObject({
      sentence: 'Moves the end of pr-8 by 4h, to Wed 18 Nov, 22:00 CET.',
      details: [{ value: 'Wed 18 Nov, 18:00 CET' }, {}, { value: '0.46 EUR more' }, { value: 'REQ-8' }],
      resolved: { environment: 'REQ-8', end: '2026-11-18T17:00:00.000Z' },
      addedHours: 4,
    });
  });

  test.each([
    ['of an environment that is not there', { name: 'pr-9', by: '4h' }, 'name'],
    ['beyond the longest life', { name: 'pr-8', by: '7d' }, 'by'],
  ])('%s is refused at its field', (_what, given, field) => {
    const target = environmentExtend.target(environmentExtend.input.parse(given), world([record(8)]).known);
    expect(!target.ok && Object.keys(target.problem.fields ?? {})).toEqual([field]);
  });

  test('of one that has its longest life already says when to ask again', () => {
    const asked = environmentExtend.input.parse({ name: 'pr-168' });
    const target = environmentExtend.target(asked, world([record(168)]).known);
    expect(!target.ok && target.problem.next).toBe('Ask again when less of its time is left.');
  });

  test.each(['', '5', '9m', 'later', '-4h'])('by "%s" is refused', (by) => {
    expect(environmentExtend.input.safeParse({ name: 'pr-8', by }).success).toBe(false);
  });
});
