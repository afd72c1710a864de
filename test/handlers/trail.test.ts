/** Who is turned away is kept, once a minute for a storm, and never at the cost of the answer. */
import { expect, test } from 'vitest';
import { minuteMs } from '../../src/core/duration.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { problem } from '../../src/core/problem.ts';
import type { Refusal } from '../../src/core/refusal.ts';
import { createTrail } from '../../src/handlers/trail.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { collectingLog, type TestWorld } from './world.ts';

const own = problem('own_request', 'You asked for this one.', 'Ask somebody else.');
const eve = { door: 'block_actions card.approve', by: 'U0EVE', about: requestIdOf(7) };

function trail(keep?: (refusal: Refusal) => Promise<void>) {
  const kept: Refusal[] = [];
  const logged: TestWorld['logged'] = [];
  const clock = createWorldClock({ mode: 'still', startAt: 0 });
  let references = 0;
  const made = createTrail({
    keep: keep ?? (async (refusal) => void kept.push(refusal)),
    clock,
    scheduler: clock,
    log: collectingLog(logged),
    chance: { reference: () => `ref${++references}` },
  });
  return { ...made, kept, logged, clock };
}

test('who, where, about what, with which words, and the reference that the person reads', async () => {
  const { refused, settled, kept, logged } = trail();
  expect(refused(eve, own)).toBe('ref1');
  await settled();
  expect(kept).toEqual([
    { ...eve, at: 0, code: 'own_request', sentence: own.sentence, reference: 'ref1', times: 1 },
  ]);
  expect(logged).toMatchObject([
    { message: 'refused: You asked for this one.', fields: { reference: 'ref1' } },
  ]);
});

test('of a password a part is not kept either, where the words are cut in it', async () => {
  const { refused, settled, kept } = trail();
  for (let before = 0; before < 600; before += 5) {
    const sentence = `${'x'.repeat(before)} postgres://admin:SuperSecretPassword@db.acme.example`;
    refused({ ...eve, door: `door ${before}` }, { ...own, sentence });
  }
  await settled();
  expect(kept).toHaveLength(120);
  expect(JSON.stringify(kept)).not.toMatch(/Su|word/);
});

test('a storm is two rows a minute, and nobody else is lost in it', async () => {
  const { refused, kept, clock } = trail();
  for (let time = 0; time < 500; time++) refused(eve, own);
  refused({ ...eve, by: 'U0MAX' }, own);
  await clock.advance(minuteMs);
  expect(kept.map(({ by, times }) => [by, times])).toEqual([
    ['U0EVE', 1],
    ['U0MAX', 1],
    ['U0EVE', 499],
  ]);
  refused(eve, own);
  expect(kept).toHaveLength(4);
});

test('what only failed for the moment is no refusal', async () => {
  const { refused, settled, kept, logged } = trail();
  refused(eve, { ...own, isTransient: true });
  await settled();
  expect(kept).toEqual([]);
  expect(logged).toHaveLength(1);
});

test('a full disk is said to the operator, and stops nobody’s answer', async () => {
  const { refused, settled, logged } = trail(() => Promise.reject(new Error('the disk is full')));
  expect(refused(eve, own)).toBe('ref1');
  await settled();
  expect(logged.map(({ message }) => message)).toContain('a refusal could not be kept');
});

test('nobody fills the store with long names', async () => {
  const { refused, settled, kept } = trail();
  refused({ door: 'x'.repeat(10_000) }, { ...own, sentence: 'y'.repeat(10_000) });
  await settled();
  expect(JSON.stringify(kept).length).toBeLessThan(1_000);
});
