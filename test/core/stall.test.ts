/** When silence is worth a word, how often it is tried, and when it is enough. */
import { expect, test } from 'vitest';
import { advance } from '../../src/core/advance.ts';
import { dayMs, minuteMs, secondMs } from '../../src/core/duration.ts';
import { apply } from '../../src/core/fold.ts';
import { type Problem, problem } from '../../src/core/problem.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { retryAt } from '../../src/core/stall.ts';
import { evaluated, requestAfter } from './requests.ts';

const cause = problem('outside_unavailable', 'GitHub is away.', 'Wait.', {
  ...{ isTransient: true, retryAfterMs: 5, detail: 'ECONNREFUSED' },
});
const approved = requestAfter(evaluated('allow'), { type: 'approved', at: 3, because: 'policy' });
const submitted = requestAfter();

function eventsOf(request: PlatformRequest, now: number, type: 'stall' | 'resume' = 'stall') {
  const advanced = advance(request, type === 'stall' ? { type, problem: cause } : { type }, now);
  if (!advanced.ok) throw new Error(advanced.problem.sentence);
  return advanced.events;
}
const stalled = eventsOf(approved, 3 + minuteMs).reduce(apply, approved);

test('the first minute is not worth a word, and every later try neither', () => {
  expect(eventsOf(approved, 3 + minuteMs - 1)).toEqual([]);
  expect(stalled.stall).toEqual({ since: 3 + minuteMs, problem: cause, until: 3 + minuteMs + dayMs });
  expect(eventsOf(stalled, 3 + 2 * minuteMs)).toEqual([]);
});

test('one that nothing makes due is counted from its last event', () => {
  const { dueAt: _dueAt, ...queued } = approved;
  expect(eventsOf(queued, 3 + minuteMs).map(({ type }) => type)).toEqual(['stalled']);
});

test('one that was woken in its queue is tried again, though only a row had said that it is due', () => {
  const { dueAt: _dueAt, ...queued } = approved;
  expect(eventsOf(queued, 3 + minuteMs).reduce<PlatformRequest>(apply, queued).dueAt).toBe(3 + minuteMs);
  expect(stalled.dueAt).toBe(approved.dueAt);
});

test('it goes on once, and only when it was told that it cannot', () => {
  expect(eventsOf(approved, 9, 'resume')).toEqual([]);
  const events = eventsOf(stalled, minuteMs * 3, 'resume');
  expect(events.map(({ type }) => type)).toEqual(['resumed']);
  expect(events.reduce(apply, stalled)).not.toHaveProperty('stall');
});

test('after a day, or the time that people had to answer, it is given up and nothing stays of the silence', () => {
  const [failed] = eventsOf(stalled, 3 + minuteMs + dayMs);
  expect(failed).toMatchObject({
    type: 'failed',
    problem: {
      ...{ code: 'outside_unavailable', next: 'Ask again once that answers.', detail: 'ECONNREFUSED' },
      sentence: 'GitHub is away. REQ-12 could not begin for 1d, and nothing was changed.',
    },
  });
  expect(failed).not.toHaveProperty('problem.isTransient');
  const asked = requestAfter(evaluated('require_approval'), { type: 'approved', at: 3, because: 'quorum' });
  const until = eventsOf(asked, dayMs).reduce(apply, asked).stall?.until;
  expect(until).toBe(dayMs + Math.min(...asked.requirements.map(({ expiresAfterMs }) => expiresAfterMs)));
});

test('what could not be judged has ten minutes from its asking, and a card once that is told', () => {
  const { createdAt } = submitted;
  const told = eventsOf(submitted, createdAt + minuteMs).reduce(apply, submitted);
  expect(told).toMatchObject({ isShown: true, stall: { until: createdAt + 10 * minuteMs } });
  expect(eventsOf(told, createdAt + 10 * minuteMs).map(({ type }) => type)).toEqual(['failed']);
});

test('it is tried rarer and rarer, at most five minutes late, or when the other side says', () => {
  const { retryAfterMs: _after, ...plain } = cause;
  const after = (now: number, request = approved, why: Problem = plain) => retryAt(request, why, now) - now;
  expect(after(4)).toBe(15 * secondMs);
  expect(after(3 + 2 * minuteMs)).toBe(2 * minuteMs);
  expect(after(3 + dayMs)).toBe(5 * minuteMs);
  expect(after(3 + dayMs, submitted)).toBe(15 * secondMs);
  for (const code of ['busy', 'conflict'] as const)
    expect(after(3 + dayMs, approved, { ...plain, code })).toBe(15 * secondMs);
  expect(after(4, approved, { ...cause, retryAfterMs: 9 * minuteMs })).toBe(9 * minuteMs);
});
