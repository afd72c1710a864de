/** What is kept no longer than the settings say leaves the audit, and the chain says so. */
import { expect, test } from 'vitest';
import { keepAudit } from '../../../src/audit/follow/keep-audit.ts';
import { startAudit } from '../../../src/background/audit-keeper.ts';
import { dayMs } from '../../../src/core/duration.ts';
import { evaluated, monday, person, submit, write } from '../../store/example-requests.ts';
import { exported, verified } from '../logs.ts';
import { openFollowed } from './followed.ts';

test('requests that are long over are redacted once a day, and the rule is in the chain', async () => {
  await using world = await openFollowed();
  const request = await submit(world.store, 'a');
  await write(world.store, request, [
    evaluated('hold'),
    { type: 'cancelled', at: monday, by: person('Ada') },
  ]);
  const kept = world.keep({ keepMs: 365 * dayMs });
  await kept.look();
  world.now = monday + 364 * dayMs + 1;
  await kept.look();
  expect(verified(await exported(world.store)).redactions).toEqual([]);
  world.now = monday + 366 * dayMs;
  await kept.look();
  expect(verified(await exported(world.store)).redactions).toEqual([
    { rule: 'kept for 365d', at: world.now, entries: 3 },
  ]);
});

test('a redaction that a clock which was ahead has put off comes with the next day', async () => {
  await using world = await openFollowed();
  const redact = async (at: number) => {
    world.now = at;
    await world.keep({ keepMs: 365 * dayMs }).look();
  };
  await redact(monday + 300 * dayMs);
  const request = await submit(world.store, 'a');
  await write(world.store, request, [
    evaluated('hold'),
    { type: 'cancelled', at: monday, by: person('Ada') },
  ]);
  await redact(monday + 100 * dayMs);
  expect((await world.store.timer('audit redaction'))?.dueAt).toBe(monday + 101 * dayMs);
});

test('where nothing is set, nothing runs', async () => {
  await using world = await openFollowed();
  expect(startAudit(undefined, { ...world.environment, post: async () => undefined })).toBeUndefined();
  expect(keepAudit({ ...world.environment, anchors: [], sinks: [] })).toBeUndefined();
});
