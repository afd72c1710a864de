import { describe, expect, test } from 'vitest';
import { quorumAsRecorded } from '../../src/approvals/quorum.ts';
import type { ChangeFacts } from '../../src/core/facts.ts';
import type { TakenLock } from '../../src/core/lock-life.ts';
import { ok, problem, refuse } from '../../src/core/problem.ts';
import { endedStatuses, openStatuses, type PlatformRequest } from '../../src/core/request.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { readCardValue, writeCardValue } from '../../src/slack/cards/buttons.ts';
import { cardOf } from '../../src/slack/cards.ts';
import { historyMessage } from '../../src/slack/history.ts';
import { overviewMessage } from '../../src/slack/lists.ts';
import { noticeOf, problemMessage } from '../../src/slack/notices.ts';
import { outcomeMessage } from '../../src/slack/outcome.ts';
import { actions } from '../handlers/world.ts';
import { expectGoodMessage, textsOf } from './manners.ts';
import { dana, extreme, now, preview, sample, verdict } from './samples.ts';

const cards = {
  actions,
  groupTitle: (name: string) => ({ 'payments-team': 'Payments team', sre: 'SRE' })[name] ?? name,
  quorumOf: quorumAsRecorded,
};
const statuses = [...openStatuses, ...endedStatuses];
const shown = (request: PlatformRequest) => textsOf(cardOf(request, cards).blocks, 'mrkdwn').join('\n');

describe.each(statuses)('the card of a request that is %s', (status) => {
  test('keeps every limit, plain and extreme', () => {
    expectGoodMessage(cardOf(sample(status), cards));
    expectGoodMessage(cardOf(extreme(status), cards));
  });

  test('has new block ids with every version', () => {
    const ids = (version: number) =>
      cardOf(sample(status, { version }), cards).blocks.map((block) => block.block_id);
    expect(ids(1).some((id) => ids(2).includes(id))).toBe(false);
  });

  test('has the same limits in its history, outcome, list and notices', () => {
    for (const request of [sample(status), extreme(status)]) {
      const event = { type: 'expired', at: now } as const;
      const history = Array.from({ length: 500 }, (_, index) => ({ seq: index, event }));
      expectGoodMessage(historyMessage(request, history, cards));
      expectGoodMessage(outcomeMessage(request, cards, 'C0REQUESTS'));
      expectGoodMessage(
        overviewMessage({ mine: Array(40).fill(request), waitingForMe: [request], debts: [] }, cards),
      );
      expectGoodMessage(noticeOf({ kind: 'ended' }, request, cards));
    }
  });
});

test('the text of a card says it all in full sentences: who, what, where, why it waits and for whom', () => {
  expect(cardOf(sample('waiting'), cards).text).toBe(
    'Dana Fox asks to deploy payments v1.4.2 to production. It waits for 1 more approval from Payments team or SRE ' +
      '(1 of 2 approvals so far), because: production changes.',
  );
  expect(cardOf(sample('held'), cards).text).toBe(
    'Dana Fox asks to deploy payments v1.4.2 to production. It is on hold until a window of the policy is over, ' +
      'because: release freeze.',
  );
  expect(cardOf(sample('running'), cards).text).toBe(
    'Dana Fox asks to deploy payments v1.4.2 to production. It is running, step 2 of 3, Run the workflow.',
  );
  expect(cardOf(sample('succeeded'), cards).text).toBe(
    'Dana Fox asked to deploy payments v1.4.2 to production. It is done.',
  );
  expect(cardOf(sample('denied'), cards).text).toBe(
    'Dana Fox asked to deploy payments v1.4.2 to production. It was denied by Sam Okoye, because: Not today.',
  );
  const emergency = sample('running', { bypass: { kind: 'break_glass', reason: 'down' } });
  expect(cardOf(emergency, cards).text).toContain('to production as an emergency. It is running');
});

test('a waiting card says who may answer, why, until when, and what will happen', () => {
  const text = shown(sample('waiting'));
  expect(text).toContain('✓○ *1 of 2* from Payments team or SRE · because: production changes');
  expect(text).toContain('✓ Sam Okoye approved <!date^');
  expect(text).toContain('· answers until <!date^');
  expect(text).toContain('What will happen: Brings payments v1.4.2 to production.');
  expect(text).toContain('<https://github.example/c/1|abc1234> Round once, at the end – priya-nair');
  expect(text).toContain('Caution: 1 check is red: e2e.');
});

test('what makes it dangerous stands on one line before the details, a sign and the word for each', () => {
  const change: ChangeFacts = {
    ...{ commits: 3, authors: [], strangers: 0, checks: 'red', requiredChecks: 'pending', migrations: true },
    ...{ order: 'skipped', size: { files: 34, additions: 1200, deletions: 80 } },
  };
  const text = (more: Partial<PlatformRequest>) => shown(sample('waiting', more));
  expect(text({ preview: { ...preview, change } })).toContain(
    '*At a glance*: ! production · ! required checks still running · ! migrates data · ' +
      '! skipped the environment before · ! large: 34 files, +1200 −80 lines',
  );
  expect(text({ preview: { ...preview, change: 'unknown' } })).toContain(
    '? what changes could not be looked up',
  );
  expect(shown(sample('running'))).not.toContain('At a glance');
});

test('a running card has a sign and a word for each step, and the lines of the one that runs', () => {
  const text = shown(sample('running'));
  expect(text).toContain('✓ Record the deployment: done in 2s');
  expect(text).toContain('● Run the workflow: running\n\u2003build: passed\n\u2003migrate: running');
  expect(text).toContain('○ Wait for the rollout: to do');
});

test('a failed card says what failed with its link, what to do and what remains', () => {
  const text = shown(sample('failed'));
  expect(text).toContain(
    'The job migrate failed: <https://github.example/job/2>. Read its log, then ask again.',
  );
  expect(text).toContain('Not taken back, remove by hand*\n✗ Record the deployment');
});

test('buttons are there only while they can do something', () => {
  const actionsOf = (request: PlatformRequest) =>
    cardOf(request, cards).blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  const labels = (request: PlatformRequest) =>
    actionsOf(request).map((one) =>
      'text' in one && typeof one.text === 'object' ? one.text.text : one.type,
    );
  expect(labels(sample('waiting'))).toEqual(['Approve', 'Request changes', 'Deny', 'Details', 'overflow']);
  expect(labels(sample('running'))).toEqual(['Details', 'overflow']);
  expect(labels(sample('undoing'))).toEqual(['Details']);
  for (const status of endedStatuses) expect(labels(sample(status))).toEqual([]);
  expect(JSON.stringify(actionsOf(sample('waiting')))).toContain('Approve for production?');
  const dev = sample('waiting', { target: { ...sample('waiting').target, tier: 'dev' } });
  expect(JSON.stringify(actionsOf(dev))).not.toContain('Approve for production?');
});

describe('what goes out', () => {
  const commit = (number: number, title: string) => ({
    sha: `${number}bc1234def`,
    title,
    author: 'priya-nair',
    url: `https://github.example/c/${number}`,
  });
  const pull = (number: number, title: string) => ({
    ...{ number, title, author: 'priya-nair' },
    url: `https://github.example/pull/${number}`,
  });

  test('a squashed pull request is named once, with a link; one that brought several commits has its own line', () => {
    const card = shown(
      sample('waiting', {
        preview: {
          ...preview,
          commits: [commit(1, 'Round once (#12)'), commit(2, 'Draft'), commit(3, 'Polish')],
          pulls: [pull(12, 'Round once'), pull(13, 'Refunds')],
        },
      }),
    );
    expect(card).toContain('Round once (<https://github.example/pull/12|#12>) – priya-nair');
    expect(card.match(/Round once/g)).toHaveLength(1);
    expect(card).toContain('*Pull requests*\n<https://github.example/pull/13|#13> Refunds');
  });

  test('the number of commits is that of all of them, not of the few that are listed', () => {
    const change: ChangeFacts = {
      ...{
        commits: 40,
        authors: [],
        strangers: 0,
        checks: 'green',
        requiredChecks: 'none',
        migrations: false,
      },
      ...{ order: 'kept', size: { files: 1, additions: 1, deletions: 1 } },
    };
    const commits = Array.from({ length: 10 }, (_, index) => commit(index, `Change ${index}`));
    const card = shown(sample('waiting', { preview: { ...preview, commits, change } }));
    expect(card).toContain('*40 commits since what runs now*');
    expect(card).toContain('and 32 more commits');
  });
});

test('what a request goes back from is not left to hands', () => {
  const failed = sample('failed');
  expect(shown(failed)).toContain('*Not taken back, remove by hand*');
  const followed = shown({ ...failed, followedBy: failed.id });
  expect(followed).toContain('*Left to REQ-12, which goes back from it*');
  expect(followed).not.toContain('by hand');
});

test('what begins later is not said to run at once', () => {
  const allowed: Verdict = { ...verdict, outcome: 'allow', requirements: [] };
  const { startedAt: _, ...later } = sample('approved', { verdict: allowed, notBefore: now + 3_600_000 });
  const said = JSON.stringify(outcomeMessage(later, cards, 'C0DEPLOYS').blocks);
  expect(said).toContain('Nobody has to be asked. It begins <!date^');
});

test('the card of a lock that was let go no longer says whose it is, nor how to let it go', () => {
  const lock: TakenLock = {
    ...{ keys: [], kind: 'person', holder: dana, reason: 'incident', requestId: sample('waiting').id },
    ...{ fence: 1, over: [], since: now, until: now + 1, activeAt: now, reminders: 0 },
    end: { how: 'released', by: dana, at: now },
  };
  const outputs = { links: [], notes: ['payments is yours. To let it go: `/lock release payments`'] };
  const card = shown(sample('succeeded', { lock, outputs }));
  expect(card).toContain('⚪ released by Dana Fox');
  expect(card).not.toContain('/lock release');
});

test('what a click carries is read back as it was written, and nothing else is', () => {
  const request = sample('waiting');
  expect(readCardValue(writeCardValue(request))).toEqual({
    id: 'REQ-12',
    version: 7,
    digest: 'a'.repeat(64),
  });
  for (const forged of [
    undefined,
    '',
    'REQ-0:1:aa',
    'REQ-1:x:aa',
    'REQ-1:1:<b>',
    `${writeCardValue(request)}\n`,
  ]) {
    expect(readCardValue(forged)).toBeUndefined();
  }
});

describe('the notice that an environment ends', () => {
  const end = now + 3_600_000;
  const environment = {
    name: 'checkout-pr-12',
    blueprint: 'web-service',
    team: 'checkout',
    cluster: 'sandbox',
    namespace: 'env-checkout-pr-12',
    requestId: sample('succeeded').id,
    url: 'https://pr-12.example',
    expiresAt: end,
  };
  const living = sample('succeeded', {
    target: { kind: 'environment', name: 'checkout-pr-12', tier: 'dev', team: 'checkout' },
    outputs: { links: [], notes: [], environment },
  });
  const notice = { key: 'k', kind: 'ending', requestId: living.id } as const;
  const choices = [
    {
      label: 'Extend by 4h',
      commandLine: '/env extend checkout-pr-12 by 4h',
      price: '0.46 EUR',
      outlook: ok(verdict),
    },
    {
      label: 'Destroy now',
      commandLine: '/env destroy checkout-pr-12',
      outlook: refuse(problem('denied_by_policy', 'Not <!here>', 'Ask')),
    },
  ];

  test('mentions its requester, says when, and what the guardrails say to each button', () => {
    const message = noticeOf(notice, living, cards, choices);
    expectGoodMessage(message);
    expect(message.text).toContain(
      `<@U0DANA>: your environment checkout-pr-12 ends <!date^${Math.floor(end / 1000)}`,
    );
    const text = textsOf(message.blocks, 'mrkdwn').join('\n');
    expect(text).toContain(
      '*Extend by 4h*, 0.46 EUR: needs 2 approvals from Payments team or SRE: production changes.',
    );
    expect(text).toContain('*Destroy now*: Not &lt;!here&gt;.');
    const buttons = message.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
    expect(buttons.map((one) => ('value' in one ? one.value : ''))).toEqual([
      '/env extend checkout-pr-12 by 4h',
      '/env destroy checkout-pr-12',
    ]);
  });

  test('that comes late says that it is gone, without buttons', () => {
    const gone = noticeOf(notice, { ...living, retiredBy: living.id }, cards, []);
    expect(gone.text).toBe('<@U0DANA>: your environment checkout-pr-12 is gone.');
    expect(gone.blocks).toHaveLength(1);
    expectGoodMessage(noticeOf(notice, extreme('succeeded'), cards, []));
  });
});

test('an environment that was removed by hand is told once, with what to do', () => {
  const request = sample('succeeded');
  const gone = { key: 'k', kind: 'gone' as const, requestId: request.id };
  const { text, blocks } = noticeOf(gone, request, cards);
  expect(text).toContain('is gone. Somebody removed its namespace');
  expect(text).toContain('/env create');
  expect(blocks).toHaveLength(1);
  for (const status of ['succeeded', 'failed'] as const)
    expectGoodMessage(noticeOf(gone, extreme(status), cards));
});

test('the history says how an end was announced and moved', () => {
  const request = sample('succeeded');
  const history = [
    { seq: 1, event: { type: 'end_announced', at: now, end: now } as const },
    { seq: 2, event: { type: 'extended', at: now, by: request.id, from: now, until: now } as const },
  ];
  const text = textsOf(historyMessage(request, history, cards).blocks, 'mrkdwn').join('\n');
  expect(text).toContain('Dana Fox was told that it ends <!date');
  expect(text).toContain('REQ-12 moved its end to <!date');
});

test('the history tells a whole life', () => {
  const request = sample('succeeded');
  const by = request.id;
  const events = [
    { type: 'slept', at: now, by, perHour: 1, wakesAt: now, end: { from: now, until: now } },
    { type: 'woken', at: now, by, perHour: 1 },
    { type: 'scheduled', at: now, by, nights: 'off' },
    { type: 'kept', at: now, by, from: now, until: now },
    { type: 'handed_over', at: now, by, team: 'payments' },
    { type: 'repaired', at: now, by },
    { type: 'repriced', at: now, perHour: 1 },
    { type: 'used', at: now },
    { type: 'gone', at: now },
  ] as const;
  const history = events.map((event, index) => ({ seq: index + 1, event }));
  const text = textsOf(historyMessage(request, history, cards).blocks, 'mrkdwn').join('\n');
  for (const told of [
    /REQ-12 put it to sleep until <!date\S+ .*, and moved its end to <!date/,
    /REQ-12 woke it\./,
    /changed when it sleeps: never by itself/,
    /handed it over to \S/,
    /put it back as it was made/,
    /Its price changed/,
    /seen in use/,
    /found gone/,
  ])
    expect(text).toMatch(told);
});

test('a refusal has its sentence, the next step and the reference, and no detail', () => {
  const message = problemMessage(
    { sentence: 'No <!here>', next: 'Ask', fields: { cpu: 'too much' } },
    'ref12345',
  );
  expectGoodMessage(message);
  expect(JSON.stringify(message.blocks)).toContain('Reference ref12345');
  expect(message.text).toBe('No &lt;!here&gt;. Ask.');
});
