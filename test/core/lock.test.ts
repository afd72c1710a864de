/** Locks as values: what they are on, who stands in whose way, what a late write meets, what people read. */
import { describe, expect, test } from 'vitest';
import { advance } from '../../src/core/advance.ts';
import { minuteMs } from '../../src/core/duration.ts';
import { fenceAnnotation, nextFence, readFence, tooLate } from '../../src/core/fence.ts';
import { apply, fold } from '../../src/core/fold.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { type Lock, type LockOrder, type LockTable, standingOf } from '../../src/core/lock.ts';
import {
  environmentLockKey,
  isEnvironmentLock,
  lockKeyOf,
  lockKeyText,
  lockKeyWords,
  overlap,
  readLockKey,
} from '../../src/core/lock-key.ts';
import { heldLock, idleAfterMs, lockDueAt } from '../../src/core/lock-life.ts';
import {
  lockGone,
  lockLost,
  lockUnreadable,
  notYourLock,
  obstacleNext,
  obstacleText,
} from '../../src/core/lock-words.ts';
import { systemPerson } from '../../src/core/person.ts';
import { problem } from '../../src/core/problem.ts';
import type { PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import { evaluated, monday, person, plan, requested } from '../store/example-requests.ts';

const [ada, bob, cleo] = [person('Ada'), person('Bob'), person('Cleo')];
const staging = lockKeyOf('payments', 'staging');
const payments = lockKeyOf('payments', undefined);
const all = lockKeyOf('everything', undefined);

describe('a key', () => {
  test('is on an environment, a service or everything, and reads so', () => {
    expect([staging, payments, all]).toEqual(['payments/staging', 'payments/*', '*']);
    expect([staging, payments, all].map(lockKeyText)).toEqual([
      'payments in staging',
      'all of payments',
      'everything',
    ]);
    expect([staging, payments, all].map(lockKeyWords)).toEqual([
      { service: 'payments', environment: 'staging' },
      { service: 'payments' },
      { service: 'everything' },
    ]);
  });

  test('is on an environment that somebody made, which no lock of a person is', () => {
    const env = environmentLockKey('pr-12');
    expect([env, lockKeyText(env)]).toEqual(['env:pr-12', 'the environment pr-12']);
    expect([overlap(env, env), overlap(env, all), overlap(env, environmentLockKey('pr-1'))]).toEqual([
      true,
      true,
      false,
    ]);
    expect([isEnvironmentLock([env]), isEnvironmentLock([staging])]).toEqual([true, false]);
    expect(() => environmentLockKey('PR 12')).toThrow();
  });

  test('that nothing could have is none', () => {
    expect(() => lockKeyOf('pay ments', 'staging')).toThrow();
    expect(readLockKey('payments', 'a/b')).toBeUndefined();
    expect(readLockKey('payments', 'staging')).toBe(staging);
  });

  test.each([
    [staging, payments, true],
    [staging, all, true],
    [payments, lockKeyOf('search', 'staging'), false],
    [staging, lockKeyOf('payments', 'production'), false],
    [staging, staging, true],
  ])('%s and %s share something: %s', (one, other, shared) => {
    expect(overlap(one, other)).toBe(shared);
    expect(overlap(other, one)).toBe(shared);
  });
});

describe('a fence', () => {
  test('is higher than any before, also of a store that begins anew', () => {
    expect(nextFence(5, 3)).toBe(6);
    expect(nextFence(0, monday)).toBe(monday);
  });

  test('lets the same and a newer run write, and stops a late one and a mark that cannot be read', () => {
    const found = (text: string) => readFence({ [fenceAnnotation]: text });
    expect(readFence(undefined)).toBeUndefined();
    expect(tooLate(5, undefined, 'it')).toBeUndefined();
    expect(tooLate(5, found('5'), 'it')).toBeUndefined();
    expect(tooLate(5, found('6'), 'it')?.sentence).toContain('A newer run has changed it');
    expect(tooLate(5, found('mine'), 'it')?.sentence).toContain('cannot be read');
  });
});

describe('who stands in whose way', () => {
  let number = 0;
  const order = (more: Partial<LockOrder> = {}): LockOrder => ({
    requestId: requestIdOf(++number),
    keys: [staging],
    kind: 'run',
    holder: ada,
    over: [],
    ...more,
  });
  const held = (more: Partial<Lock> = {}): Lock => ({
    ...order(more),
    fence: 1,
    reason: 'a reason.',
    since: monday,
    ...more,
  });
  const waits = (place: number, more: Partial<LockOrder> = {}) => ({ ...order(more), place, since: monday });
  const behind = (one: LockOrder, table: Partial<LockTable>) =>
    standingOf(one, { held: [], waiting: [], ...table }).behind.map(({ kind }) => kind);

  test.each([
    ['a run of one’s own', held(), order(), ['run']],
    ['a run elsewhere', held({ keys: [lockKeyOf('search', 'staging')] }), order(), []],
    ['one’s own lock', held({ kind: 'person' }), order(), []],
    ['somebody else’s lock', held({ kind: 'person', holder: bob }), order(), ['person']],
    ['a run, for a person’s lock', held({ holder: bob }), order({ kind: 'person' }), ['run']],
    ['one’s own run, for a lock', held(), order({ kind: 'person' }), []],
    ['a run, for the lock on everything', held({ holder: bob }), order({ kind: 'person', keys: [all] }), []],
    [
      'the lock on everything',
      held({ kind: 'person', holder: bob, keys: [all] }),
      order({ kind: 'person', keys: [all] }),
      ['person'],
    ],
    [
      'the lock on everything, for an environment that somebody made',
      held({ kind: 'person', holder: bob, keys: [all] }),
      order({ keys: [environmentLockKey('pr-12')] }),
      [],
    ],
    [
      'a lock, for the way back of a failed deploy',
      held({ kind: 'person' }),
      order({ holder: systemPerson }),
      [],
    ],
    [
      'the lock on everything, for the way back',
      held({ kind: 'person', keys: [all] }),
      order({ holder: systemPerson }),
      ['person'],
    ],
  ])('%s', (_name, lock, one, expected) => {
    expect(behind(one, { held: [lock] })).toEqual(expected);
  });

  test('says until when, where that is known', () => {
    const lock = held({ kind: 'person', holder: bob, until: monday + 5 });
    expect(standingOf(order(), { held: [lock], waiting: [] }).behind).toMatchObject([{ until: monday + 5 }]);
  });

  test('what is taken away from somebody does not', () => {
    const lock = held({ kind: 'person', holder: bob });
    const later = order({ over: [lock.requestId] });
    expect(behind(later, { held: [lock], waiting: [waits(1, { holder: cleo })] })).toEqual([]);
  });

  test('a row that cannot be read does, held or waiting, whoever asks', () => {
    const lock = { kind: 'unreadable' as const, requestId: requestIdOf(900), keys: [all] };
    const table = { held: [lock], waiting: [{ ...lock, requestId: requestIdOf(901) }] };
    const standing = standingOf(order(), { ...table });
    expect(standing.behind.map(({ kind, keys }) => [kind, ...keys])).toEqual([
      ['unreadable', '*'],
      ['unreadable', '*'],
    ]);
    const own = order({ requestId: requestIdOf(901) });
    expect(behind(own, { waiting: table.waiting })).toEqual([]);
  });

  test('who came before does, and whoever holds what they wait for goes first', () => {
    const lock = held({ kind: 'person', holder: bob });
    const first = waits(1, { holder: cleo });
    const second = waits(2, { holder: ada });
    const table = { held: [lock], waiting: [first, second] };
    expect(standingOf(second, table)).toMatchObject({
      place: 2,
      behind: [{ kind: 'person' }, { kind: 'waiting' }],
    });
    expect(standingOf(first, table)).toMatchObject({ place: 1, behind: [{ kind: 'person' }] });
    expect(standingOf(order({ holder: bob }), table)).toEqual({ place: 1, behind: [] });
    expect(standingOf(order({ holder: systemPerson }), table)).toEqual({ place: 1, behind: [] });
  });
});

describe('the fold', () => {
  const lock: Lock = {
    ...{ requestId: requestIdOf(1), keys: [staging], holder: ada, over: [], fence: 7 },
    ...{ kind: 'person', reason: 'incident 42', since: monday, until: monday + 10 * idleAfterMs },
  };
  const first = [
    requested(requestIdOf(1)),
    evaluated('allow'),
    { type: 'approved', at: monday, because: 'policy' },
  ];
  const queued: RequestEvent = {
    ...{ type: 'lock_queued', at: monday, order: lock, place: 1 },
    behind: [{ requestId: requestIdOf(2), kind: 'unreadable', keys: [staging], holder: '', reason: '' }],
  };
  const running = fold([...(first as RequestEvent[]), { type: 'started', at: monday, plan, lock }]);
  const outputs = { links: [], notes: [] };
  const living = apply(running, { type: 'succeeded', at: monday, outputs });

  test('of who waits says behind whom, and looks again by itself only where nobody would say it', () => {
    const waiting = fold([...(first as RequestEvent[]), queued]);
    expect(waiting).toMatchObject({ queue: { place: 1, since: monday }, dueAt: monday + 30_000 });
    const again = apply(waiting, { ...queued, at: monday + 5, behind: [] });
    expect(again.queue?.since).toBe(monday);
    expect(again.dueAt).toBeUndefined();
    expect(apply(again, { type: 'cancelled', at: monday, by: ada }).queue).toBeUndefined();
    expect(apply(again, evaluated('hold')).queue).toBeUndefined();
    expect(apply(again, { type: 'started', at: monday, plan, lock }).queue).toBeUndefined();
  });

  test('of a lock knows when to look after it', () => {
    expect(heldLock(living)).toMatchObject({ fence: 7, reminders: 0 });
    expect(living.dueAt).toBe(monday + idleAfterMs);
    const reminded = apply(living, { type: 'lock_idle', at: monday + 1, idleSince: monday });
    expect(reminded.dueAt).toBe(monday + 2 * idleAfterMs);
    const kept = apply(reminded, { type: 'lock_kept', at: monday + 5, by: ada });
    expect(kept.dueAt).toBe(monday + 5 + 2 * idleAfterMs);
    const handed = apply(kept, { type: 'lock_handed_over', at: monday + 6, by: ada, to: bob });
    expect(handed).toMatchObject({ lock: { holder: bob, reminders: 0 }, dueAt: monday + 6 + idleAfterMs });
    const { until: _until, ...endless } = living.lock ?? { ...lock, activeAt: 0, reminders: 0 };
    expect(lockDueAt({ ...endless, activeAt: 0, reminders: 40 })).toBeGreaterThan(monday);
    const ended = apply(handed, { type: 'lock_ended', at: monday + 7, how: 'expired' });
    expect(heldLock(ended)).toBeUndefined();
    expect(ended.dueAt).toBeUndefined();
  });

  test('of a run gives its lock back with its end', () => {
    const { until: _until, ...had } = lock;
    const run = fold([
      ...(first as RequestEvent[]),
      { type: 'started', at: monday, plan, lock: { ...had, kind: 'run' } },
    ]);
    expect(heldLock(run)).toBeDefined();
    const done = apply(run, { type: 'succeeded', at: monday, outputs });
    expect(heldLock(done)).toBeUndefined();
    expect(done.dueAt).toBeUndefined();
  });

  test('of a run that has lost its lock is due at once', () => {
    const stolen = { type: 'lock_ended', at: monday + 9, how: 'stolen', by: bob } as const;
    expect(apply(running, stolen).dueAt).toBe(monday + 9);
    expect(apply({ ...running, dueAt: monday + 40 * minuteMs }, stolen).dueAt).toBe(monday + 9);
    expect(heldLock(apply(running, { type: 'cancelled', at: monday, by: ada }))).toBeUndefined();
  });

  test('of a run that loses its lock while a step is being tried is due at once too, whatever that one asks for', () => {
    const [step = ''] = running.steps.map(({ id }) => id);
    const at = monday + 10;
    const trying = apply(running, { type: 'step_started', at: monday, step });
    const stolen = apply(trying, { type: 'lock_ended', at: monday + 9, how: 'stolen', by: bob });
    const limited = problem('outside_unavailable', 'It is busy.', 'Wait.', { retryAfterMs: 40 * minuteMs });
    const until = at + 40 * minuteMs;
    const asked = apply(stolen, { type: 'step_retrying', at, step, problem: limited, until });
    expect(asked.dueAt).toBe(at);
    expect(asked.steps[0]).not.toHaveProperty('retryAt');
    expect(apply(trying, { type: 'step_retrying', at, step, problem: limited, until }).dueAt).toBe(until);
  });

  test('of what has no lock refuses what became of it', () => {
    expect(() => apply(fold(first as RequestEvent[]), { type: 'lock_kept', at: monday, by: ada })).toThrow(
      'has no lock',
    );
  });

  test('lets happen only what can', () => {
    const does = (request: PlatformRequest, command: Parameters<typeof advance>[1]) => {
      const result = advance(request, command, monday);
      return result.ok ? result.events.map(({ type }) => type) : result.problem.code;
    };
    const waiting = fold(first as RequestEvent[]);
    const ended = apply(living, { type: 'lock_ended', at: monday, how: 'expired' });
    const standing = { behind: [], place: 1 };
    expect(does(waiting, { type: 'queue', order: lock, standing })).toEqual(['lock_queued']);
    expect(does(running, { type: 'queue', order: lock, standing })).toBe('conflict');
    expect(does(living, { type: 'end_lock', how: 'released', by: ada })).toEqual(['lock_ended']);
    expect(does(ended, { type: 'end_lock', how: 'released', by: ada })).toEqual([]);
    expect(does(living, { type: 'hand_lock_over', by: ada, to: bob })).toEqual(['lock_handed_over']);
    expect(does(living, { type: 'hand_lock_over', by: ada, to: ada })).toEqual([]);
    expect(does(ended, { type: 'hand_lock_over', by: ada, to: bob })).toBe('not_found');
    expect(does(living, { type: 'remind_of_lock', idleSince: monday })).toEqual(['lock_idle']);
    expect(does(ended, { type: 'remind_of_lock', idleSince: monday })).toEqual([]);
    expect(does(living, { type: 'keep_lock', by: ada })).toEqual(['lock_kept']);
    expect(does(living, { type: 'keep_lock', by: bob })).toBe('not_yours');
    expect(does(ended, { type: 'keep_lock', by: ada })).toBe('not_found');
  });

  test('is told in words with a next step', () => {
    const obstacle = { requestId: requestIdOf(2), keys: [staging], holder: 'Bob', reason: 'incident 42.' };
    const kinds = (['person', 'run', 'waiting', 'unreadable'] as const).map((kind) => ({
      ...obstacle,
      kind,
    }));
    expect(kinds.map(obstacleText)).toEqual([
      'payments in staging is locked by Bob: incident 42',
      'REQ-2 by Bob is changing payments in staging',
      'REQ-2 by Bob came before',
      'the lock of payments in staging (REQ-2) cannot be read',
    ]);
    expect(obstacleNext(kinds)).toContain('mended it in the database');
    expect(obstacleNext(kinds.slice(0, 1))).toContain('ask Bob to release it');
    expect(obstacleNext(kinds.slice(1, 2))).toBe('It goes on by itself then.');
    expect(lockLost(lock, undefined).sentence).not.toContain('It is held by');
    expect(lockLost(lock, { ...lock, holder: bob }).sentence).toContain('It is held by Bob now: incident 42');
    expect(lockUnreadable([staging])).toMatchObject({ isTransient: true });
    expect(lockGone(running).sentence).toContain('payments in staging (REQ-1)');
    expect(lockGone({ id: requestIdOf(3) }).sentence).toBe('The lock (REQ-3) has ended.');
    expect(notYourLock(lock).sentence).toBe('payments in staging is locked by Ada, not by you.');
  });
});
