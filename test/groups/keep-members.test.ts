import { expect, test } from 'vitest';
import { type Catalog, groupsOf, isOnCall } from '../../src/core/catalog.ts';
import type { GroupSource } from '../../src/core/groups.ts';
import { ProblemError, problem } from '../../src/core/problem.ts';
import { keepMembers, membersMax, refreshMs, staleMs } from '../../src/groups/keep-members.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { catalog } from '../approvals/shipped.ts';

function world() {
  const clock = createWorldClock({ mode: 'still', startAt: Date.UTC(2026, 10, 18, 10) });
  const said = new Map([
    ['@sre', ['sam@acme.example']],
    ['acme/payments', ['priya@acme.example']],
    ['night', ['olga@acme.example']],
  ]);
  const away = new Set<string>();
  const slow = new Map<string, Promise<void>>();
  const source: GroupSource = {
    async members(ref) {
      if (away.has(ref)) throw new ProblemError(problem('outside_unavailable', 'It is away.', 'Wait.'));
      // What it says is what it knew when it was asked.
      const members = said.get(ref) ?? [];
      await slow.get(ref);
      return members;
    },
  };
  const group = { title: 'x', members: [] };
  const file: { current: Catalog } = {
    current: {
      ...catalog,
      onCall: [],
      onCallFrom: ['night'],
      schedules: { night: { pagerduty: 'PI7DH85' } },
      groups: {
        sre: { ...group, slack: '@sre', members: ['lee@acme.example'] },
        payments: { ...group, github: 'acme/payments' },
        release: { ...group, includes: ['sre', 'payments'] },
        night: { ...group, onCall: 'night' },
        leads: { ...group, members: ['lee@acme.example'] },
      },
    },
  };
  const logged: string[] = [];
  const log = {
    info: () => undefined,
    error: () => undefined,
    warn: (_: unknown, text: string) => logged.push(text),
  };
  const kept = keepMembers({
    catalog: () => file.current,
    sources: { slack: source, github: source, onCall: source },
    clock,
    scheduler: clock,
    log,
  });
  return { clock, said, away, file, kept, logged, slow };
}

const unknownNames = (catalogNow: Catalog) => Object.keys(catalogNow.unknownGroups ?? {});

test('before anybody was asked, groups from elsewhere are unknown, and nobody is in them', () => {
  const { kept } = world();
  expect(unknownNames(kept.catalog())).toEqual(['sre', 'payments', 'release', 'night']);
  expect(groupsOf(kept.catalog(), 'sam@acme.example')).toEqual([]);
  // Who is named in the catalog is a member whatever others say.
  expect(groupsOf(kept.catalog(), 'LEE@acme.example')).toEqual(['sre', 'release', 'leads']);
  expect(kept.catalog().isOnCallUnknown).toBe(true);
});

test('once asked, people are in the groups that others know, and in those that include them', async () => {
  const { kept } = world();
  await kept.look();
  expect(unknownNames(kept.catalog())).toEqual([]);
  expect(groupsOf(kept.catalog(), 'sam@acme.example')).toEqual(['sre', 'release']);
  expect(groupsOf(kept.catalog(), 'priya@acme.example')).toEqual(['payments', 'release']);
  expect(isOnCall(kept.catalog(), 'olga@acme.example')).toBe(true);
  kept.close();
});

test('they are asked again in the background: who leaves is out by then', async () => {
  const { kept, clock, said } = world();
  await kept.look();
  said.set('@sre', []);
  await clock.advance(refreshMs);
  await expect.poll(() => groupsOf(kept.catalog(), 'sam@acme.example')).toEqual([]);
  kept.close();
});

test('what was said holds while a source is away, and not for longer than an hour', async () => {
  const { kept, clock, away, logged } = world();
  await kept.look();
  away.add('@sre');
  await clock.advance(staleMs);
  expect(groupsOf(kept.catalog(), 'sam@acme.example')).toEqual(['sre', 'release']);
  await clock.advance(1);
  await kept.look();
  expect(kept.catalog().unknownGroups).toEqual({
    sre: 'the Slack user group @sre was last heard of at 2026-11-18T10:00Z',
    release: 'the Slack user group @sre was last heard of at 2026-11-18T10:00Z',
  });
  expect(groupsOf(kept.catalog(), 'sam@acme.example')).toEqual([]);
  expect(logged).toContain('members could not be asked for');
  kept.close();
});

test('a catalog that names another group is followed at once, and the old one forgotten', async () => {
  const { kept, file } = world();
  await kept.look();
  const { sre = { title: 'SRE', members: [] }, ...groups } = file.current.groups;
  file.current = { ...file.current, groups: { ...groups, sre: { ...sre, slack: '@other' } } };
  expect(unknownNames(kept.catalog())).toContain('sre');
  await kept.look();
  expect(unknownNames(kept.catalog())).toEqual([]);
  kept.close();
});

test('a schedule that is another one by now is asked at once, and keeps nobody of the old one, asked before or just now', async () => {
  const { kept, file, slow, said } = world();
  await kept.look();
  const asked = Promise.withResolvers<void>();
  slow.set('night', asked.promise);
  const looking = kept.look();
  expect(isOnCall(kept.catalog(), 'olga@acme.example')).toBe(true);
  said.set('night', ['max@acme.example']);
  file.current = { ...file.current, schedules: { night: { pagerduty: 'POTHER1' } } };
  expect(isOnCall(kept.catalog(), 'olga@acme.example')).toBe(false);
  expect(kept.catalog().isOnCallUnknown).toBe(true);
  asked.resolve();
  await looking;
  await expect.poll(() => unknownNames(kept.catalog())).toEqual([]);
  expect(isOnCall(kept.catalog(), 'max@acme.example')).toBe(true);
  expect(isOnCall(kept.catalog(), 'olga@acme.example')).toBe(false);
  kept.close();
});

test('a group of thousands is none that anybody can answer for: it is unknown, and the log says why', async () => {
  const { kept, said, logged } = world();
  said.set(
    '@sre',
    Array.from({ length: membersMax + 1 }, (_, index) => `p${index}@acme.example`),
  );
  await kept.look();
  expect(unknownNames(kept.catalog())).toEqual(['sre', 'release']);
  expect(logged).toEqual(['members could not be asked for']);
  kept.close();
});

test('a source that does not answer keeps nobody from hearing the others, and no hour from being over', async () => {
  const { kept, clock, said, slow } = world();
  await kept.look();
  slow.set('night', new Promise(() => undefined));
  said.set('@sre', ['olga@acme.example']);
  await clock.advance(refreshMs);
  await expect.poll(() => groupsOf(kept.catalog(), 'sam@acme.example')).toEqual([]);
  said.set('@sre', []);
  await clock.advance(refreshMs);
  await expect.poll(() => groupsOf(kept.catalog(), 'olga@acme.example')).toEqual(['night']);
  await clock.advance(staleMs);
  expect(unknownNames(kept.catalog())).toContain('night');
  slow.delete('night');
  await expect
    .poll(async () => {
      await clock.advance(refreshMs);
      return unknownNames(kept.catalog());
    })
    .toEqual([]);
  kept.close();
});

test('an answer is as old as its question, and one that comes too late takes nobody back', async () => {
  const { kept, clock, said, slow } = world();
  const late = Promise.withResolvers<void>();
  slow.set('@sre', late.promise);
  void kept.look();
  slow.delete('@sre');
  said.set('@sre', []);
  await clock.advance(staleMs / 2);
  await expect.poll(() => unknownNames(kept.catalog())).toEqual([]);
  late.resolve();
  await new Promise(setImmediate);
  expect(groupsOf(kept.catalog(), 'sam@acme.example')).toEqual([]);
  kept.close();
});
