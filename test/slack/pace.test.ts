/** What whoever spoke before has left to mind. */
import { expect, test } from 'vitest';
import type { ChatCall } from '../../src/core/ports.ts';
import { createPace } from '../../src/slack/pace.ts';

const now = Date.UTC(2026, 10, 18, 9);
const day = 24 * 60 * 60_000;
const post: ChatCall = { method: 'chat.postMessage', channel: 'C0DEPLOYS' };
const name = 'chat.postMessage C0DEPLOYS';

function begun(freeAt: number, pausedUntil: number) {
  const pace = createPace({ now: () => now });
  pace.begin([{ name, freeAt, pausedUntil }]);
  return pace.at(post, false);
}

test('a channel that another has left alone for a while is left alone until then', () => {
  expect(begun(now + 800, 0)).toBe(now + 800);
  expect(begun(now, now + 30_000)).toBe(now + 30_000);
});

test('a pause of all is not ended early by a shorter one', () => {
  const pace = createPace({ now: () => now });
  for (const seconds of [60, 5]) pace.pauseAll(now + seconds * 1_000);
  expect(pace.at(post, true)).toBe(now + 60_000);
});

test('one whose clock was days ahead keeps nobody silent for days', () => {
  expect(begun(now + 2 * day, now + 2 * day)).toBeLessThanOrEqual(now);
});
