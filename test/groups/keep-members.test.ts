import { expect, test } from 'vitest';
import { type Catalog, groupsOf, isOnCall } from '../../src/core/catalog.ts';
import type { GroupSource } from '../../src/core/groups.ts';
import { ProblemError, problem } from '../../src/core/problem.ts';
import { keepMembers, refreshMs, staleMs } from '../../src/groups/keep-members.ts';
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
  const source: GroupSource = {
    async members(ref) {
      if (away.has(ref)) throw new ProblemError(problem('outside_unavailable', 'It is away.', 'Wait.'));
      return said.get(ref) ?? [];
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
  return { clock, said, away, file, kept, logged };
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
