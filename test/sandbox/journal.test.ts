import { expect, test } from 'vitest';
import { createJournal } from '../../src/sandbox/journal.ts';

const call = {
  at: 0,
  box: 'slack',
  kind: 'call',
  operation: 'auth.test',
  outcome: '200',
  tookMs: 1,
} as const;

test('what was said in a call is read when somebody looks, and once', () => {
  const journal = createJournal();
  let read = 0;
  journal.add(call, () => ({ response: { ok: true, read: ++read } }));
  expect(read).toBe(0);
  for (const _look of [1, 2])
    expect(journal.since(0)).toEqual([{ ...call, id: 1, response: { ok: true, read: 1 } }]);
});

test('whoever follows it is told the whole of each', () => {
  const journal = createJournal();
  const told: unknown[] = [];
  const stop = journal.subscribe((entry) => told.push(entry));
  journal.add(call, () => ({ request: 'a form' }));
  stop();
  journal.add(call);
  expect(told).toEqual([{ ...call, id: 1, request: 'a form' }]);
});
