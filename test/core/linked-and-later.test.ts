/** A request that begins later, and one that another goes back from. */
import { expect, test } from 'vitest';
import { advance } from '../../src/core/advance.ts';
import { apply, fold } from '../../src/core/fold.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import type { PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import { dana, plan, requested } from './requests.ts';

function approvedFrom(notBefore: number | undefined): PlatformRequest {
  const first = { ...requested, ...(notBefore === undefined ? {} : { notBefore }) } as RequestEvent;
  return fold([first, { type: 'approved', at: 2_000, because: 'policy' }]);
}

test('what is to begin later is due when it is to begin, and is not started before', () => {
  const approved = approvedFrom(60_000);
  expect(approved).toMatchObject({ status: 'approved', notBefore: 60_000, dueAt: 60_000 });
  expect(advance(approved, { type: 'start', plan }, 59_999)).toEqual({ ok: true, events: [] });
  expect(advance(approved, { type: 'start', plan }, 60_000)).toMatchObject({ events: [{ type: 'started' }] });
});

test('what was approved after its time is due at once', () => {
  expect(approvedFrom(1_500)).toMatchObject({ dueAt: 2_000 });
  expect(approvedFrom(undefined)).toMatchObject({ dueAt: 2_000 });
});

test('who goes back from it is remembered once, whatever has become of it', () => {
  const ended = apply(approvedFrom(undefined), { type: 'cancelled', at: 3_000, by: dana });
  const by = requestIdOf(13);
  const followed = advance(ended, { type: 'follow', by }, 4_000);
  expect(followed).toEqual({ ok: true, events: [{ type: 'followed', at: 4_000, by }] });
  const linked = apply(ended, { type: 'followed', at: 4_000, by });
  expect(linked).toMatchObject({ status: 'cancelled', followedBy: by });
  expect(advance(linked, { type: 'follow', by }, 5_000)).toEqual({ ok: true, events: [] });
});
