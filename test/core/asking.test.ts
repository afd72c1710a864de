/** What a waiting request remembers of whom it has asked. */
import { describe, expect, test } from 'vitest';
import { advance } from '../../src/core/advance.ts';
import { askedSoFar, escalationsAhead, withFallbacks } from '../../src/core/asking.ts';
import { inForce } from '../../src/core/delegation.ts';
import { apply } from '../../src/core/fold.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { evaluated, lee, requestAfter, requirement, sam } from './requests.ts';

const escalating = requirement({ escalates: { to: ['leads', 'sre'], afterMs: 1_000 } });
const plain = requirement({ id: 'plain', from: ['payments'] });
const requirements = [escalating, plain];
const event = evaluated('require_approval', { requirements });
const other = evaluated('require_approval', { requirements }, 'd2');
const waiting = requestAfter(event);
const advanced = (request: PlatformRequest, command: Parameters<typeof advance>[1], now: number) => {
  const result = advance(request, command, now);
  if (!result.ok) throw new Error(result.problem.sentence);
  return result.events.reduce(apply, request);
};
const asked = advanced(waiting, { type: 'ask', people: [sam] }, 2_000);

describe('a mention', () => {
  test('is an event, and the version that it makes names its line', () => {
    expect(askedSoFar(waiting).size).toBe(0);
    expect(askedSoFar({}).size).toBe(0);
    expect(askedSoFar(asked)).toEqual(new Set([sam.id]));
    const last = advanced(asked, { type: 'remind', people: [lee], isLast: true }, 3_000);
    expect(last.asking?.rounds).toMatchObject([
      { kind: 'asked', version: asked.version, at: 2_000 },
      { kind: 'reminded', version: last.version, isLast: true },
    ]);
    const earlier = advanced(asked, { type: 'remind', people: [lee], isLast: false }, 3_000);
    expect(earlier.asking?.rounds[1]).not.toHaveProperty('isLast');
  });

  test('of what has moved is made anew, and one of what only was judged again is not', () => {
    const moved = apply(asked, { type: 'moved', at: 3_000, what: ['x'] });
    expect(askedSoFar(moved).size).toBe(0);
    expect(askedSoFar(apply(asked, event)).size).toBe(1);
    const { asking: _asking, ...old } = asked;
    expect(apply(old, { type: 'moved', at: 3_000, what: ['x'] })).not.toHaveProperty('asking');
    expect(apply(old, { type: 'asked', at: 3_000, people: [] }).asking?.since).toBe(3_000);
    expect(apply(old, event).asking?.rounds).toEqual([]);
  });

  test('is made by nothing that does not wait', () => {
    const approved = apply(asked, { type: 'approved', at: 3_000, because: 'quorum' });
    expect(advance(approved, { type: 'ask', people: [] }, 3_000).ok).toBe(false);
    // What waits once more asks once more.
    expect(askedSoFar(apply(approved, event)).size).toBe(0);
  });
});

describe('a fallback', () => {
  const due = (waiting.asking?.since ?? 0) + 1_000;

  test('is let in at its time and not before, once, and only where one is named', () => {
    const escalate = { type: 'escalate', requirement: 'r' } as const;
    expect(advance(waiting, escalate, due - 1)).toEqual({ ok: true, events: [] });
    const escalated = advanced(waiting, escalate, due);
    expect(escalated.requirements.map(({ from }) => from)).toEqual([['sre', 'leads'], ['payments']]);
    expect(advance(escalated, escalate, due)).toEqual({ ok: true, events: [] });
    expect(advance(waiting, { type: 'escalate', requirement: 'plain' }, due)).toEqual({
      ok: true,
      events: [],
    });
    expect(escalationsAhead(escalated)).toEqual([]);
    expect(escalationsAhead(requestAfter())).toEqual([]);
  });

  test('stays in while the same is asked, and waits again for anything else', () => {
    const escalated = advanced(waiting, { type: 'escalate', requirement: 'r' }, due);
    expect(apply(escalated, event).requirements[0]?.from).toEqual(['sre', 'leads']);
    expect(apply(escalated, other).requirements[0]?.from).toEqual(['sre']);
    expect(withFallbacks([plain], ['plain'])).toEqual([plain]);
  });
});

test('a voice is lent from its first moment on, and no longer at its last', () => {
  const lent = { requestId: requestIdOf(1), from: sam, to: lee, since: 10, until: 20 };
  expect([9, 10, 19, 20].map((now) => inForce([lent], now).length)).toEqual([0, 1, 1, 0]);
});
