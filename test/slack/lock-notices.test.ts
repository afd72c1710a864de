/** What people read of locks in Slack: on a card that waits, in a thread, and alone. */
import { describe, expect, test } from 'vitest';
import { apply, fold } from '../../src/core/fold.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import type { Lock, Obstacle } from '../../src/core/lock.ts';
import { lockKeyOf } from '../../src/core/lock-key.ts';
import type { PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import { type CardContext, cardOf } from '../../src/slack/cards.ts';
import { historyMessage } from '../../src/slack/history.ts';
import { isLockNewsPast, lockKept, lockNotice } from '../../src/slack/lock-notices.ts';
import { evaluated, monday, person, plan, requested } from '../store/example-requests.ts';

const cards: CardContext = {
  actions: new Map(),
  groupTitle: (name) => name,
  quorumOf: () => ({ state: 'open', parts: [] }),
};
const [ada, bob] = [person('Ada'), person('Bob')];
const lock: Lock = {
  ...{ requestId: requestIdOf(1), keys: [lockKeyOf('payments', 'staging')], holder: ada, over: [], fence: 7 },
  ...{ kind: 'person', reason: 'incident <!channel>', since: monday, until: monday + 3_600_000 },
};
const asked: RequestEvent[] = [
  requested(requestIdOf(1)),
  evaluated('allow'),
  { type: 'approved', at: monday, because: 'policy' },
];
const outputs = { links: [], notes: [] };
const held = fold([
  ...asked,
  { type: 'started', at: monday, plan, lock },
  { type: 'succeeded', at: monday, outputs },
]);
const textOf = (message: unknown) => JSON.stringify(message);

describe('a card that waits for a lock', () => {
  const waiting = (behind: readonly Obstacle[], place = 1) =>
    fold([...asked, { type: 'lock_queued', at: monday, order: lock, behind, place }]);
  const obstacle: Obstacle = {
    ...{ requestId: requestIdOf(4), kind: 'person', keys: lock.keys, holder: 'Sam *the* <@U1>' },
    ...{ reason: 'incident <!here>', since: monday, until: monday + 5 },
  };

  test('says who holds it, why, since when, until when and what place it has, all of it only text', () => {
    const card = textOf(cardOf(waiting([obstacle], 2), cards));
    expect(card).toContain('number 2 in the queue');
    expect(card).toContain(
      'payments in staging is locked by Sam *the* &lt;@U1&gt;: incident &lt;!here&gt;, since <!date',
    );
    expect(card).toContain('to be quicker, ask Sam');
  });

  test('shows a long queue in a few lines', () => {
    const behind = Array.from({ length: 30 }, (_, index) => ({
      ...obstacle,
      requestId: requestIdOf(index + 2),
    }));
    expect(textOf(cardOf(waiting(behind), cards))).toContain('and 22 more');
  });

  test('names who must mend what cannot be read', () => {
    const broken: Obstacle = { ...obstacle, kind: 'unreadable' };
    expect(textOf(cardOf(waiting([broken]), cards))).toContain('until the platform team has mended it');
  });
});

describe('the card of a lock', () => {
  const endings: [string, RequestEvent][] = [
    ['released by Ada', { type: 'lock_ended', at: monday, how: 'released', by: ada }],
    ['ended with its time', { type: 'lock_ended', at: monday, how: 'expired' }],
    ['taken away by Bob', { type: 'lock_ended', at: monday, how: 'stolen', by: bob }],
  ];
  test('says until when it is held', () => {
    expect(textOf(cardOf(held, cards))).toMatch(/locked.*until <!date/);
  });
  test.each(endings)('says that it was %s', (words, event) => {
    expect(textOf(cardOf(apply(held, event), cards))).toContain(words);
  });
});

describe('a notice', () => {
  test('what is over before it could be said is not said', () => {
    const cancelled = { ...held, status: 'cancelled' as const };
    const over = apply(held, { type: 'lock_ended', at: monday, how: 'expired' });
    expect(isLockNewsPast('lock_free', held)).toBe(false);
    expect(isLockNewsPast('lock_free', cancelled)).toBe(true);
    expect(isLockNewsPast('lock_handed_over', held)).toBe(false);
    expect(isLockNewsPast('lock_handed_over', over)).toBe(true);
    expect(isLockNewsPast('lock_ended', over)).toBe(false);
  });

  const told = (kind: Parameters<typeof lockNotice>[0], request: PlatformRequest) =>
    textOf(lockNotice(kind, request, cards));

  test('calls whom it is about, and nobody else', () => {
    const stolen = apply(held, { type: 'lock_ended', at: monday, how: 'stolen', by: bob });
    const handed = apply(held, { type: 'lock_handed_over', at: monday, by: ada, to: bob });
    expect(told('lock_free', held)).toContain('<@UADA>: payments in staging is free; REQ-1');
    expect(told('lock_ended', stolen)).toContain(
      '<@UADA>: <@UBOB> took your lock of payments in staging away',
    );
    const over = apply(held, { type: 'lock_ended', at: monday, how: 'expired' });
    expect(told('lock_ended', over)).toContain('its time is over');
    expect(told('lock_handed_over', handed)).toContain(
      '<@UBOB>: payments in staging is yours now (incident &lt;!channel&gt;)',
    );
  });

  test('reminds with both buttons, and not of what has ended meanwhile', () => {
    const reminder = told('lock_idle', held);
    expect(reminder).toContain('"action_id":"lock.release"');
    expect(reminder).toContain('"action_id":"lock.keep"');
    expect(reminder).toContain('"value":"REQ-1"');
    const over = apply(held, { type: 'lock_ended', at: monday, how: 'expired' });
    expect(told('lock_idle', over)).not.toContain('lock.keep');
    expect(textOf(lockKept(held))).toContain('payments in staging stays yours, until');
  });
});

test('the history tells all that became of a lock', () => {
  const later: RequestEvent[] = [
    { type: 'lock_idle', at: monday, idleSince: monday },
    { type: 'lock_kept', at: monday, by: ada },
    { type: 'lock_handed_over', at: monday, by: ada, to: bob },
    { type: 'lock_ended', at: monday, how: 'released', by: bob },
  ];
  const history = later.map((event, index) => ({ seq: index + 1, event }));
  const told = textOf(historyMessage(later.reduce(apply, held), history, cards));
  for (const words of [
    'was reminded',
    'Ada keeps its lock',
    'handed its lock over to Bob',
    'was released by Bob',
  ])
    expect(told).toContain(words);
});
