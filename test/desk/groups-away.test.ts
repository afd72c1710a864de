/** Slack and GitHub do not say who is in the groups of the shipped catalog, for longer than what they said last holds. */
import { expect, test } from 'vitest';
import { readPolicy } from '../../src/approvals/policy.ts';
import { hourMs } from '../../src/core/duration.ts';
import type { GroupSource } from '../../src/core/groups.ts';
import { ProblemError } from '../../src/core/problem.ts';
import { keepMembers, staleMs } from '../../src/groups/keep-members.ts';
import { accepted, sourceOf, subjects } from '../approvals/shipped.ts';
import { away, type DeskWorld, dana, deskWorld, priya, value } from './desk-world.ts';

/** With the files as they are shipped, and everything that says who is in a group silent for an hour and more. */
async function worldWithoutGroups(): Promise<DeskWorld> {
  const world = await deskWorld();
  const silent: GroupSource = {
    members: async () => {
      throw new ProblemError(away);
    },
  };
  const { clock, context, outside } = world;
  const file = outside.catalog;
  const kept = keepMembers({
    ...{ catalog: () => file, clock, scheduler: clock, log: context.log },
    sources: { slack: silent, github: silent, onCall: silent },
  });
  await kept.look();
  await clock.advance(staleMs + 1);
  kept.close();
  outside.catalog = kept.catalog();
  const policy = accepted(readPolicy(sourceOf('data/policy.yml'), subjects, file));
  Object.assign(context, { policy: () => policy });
  return world;
}

const ask = (world: DeskWorld, action: string, input: Record<string, unknown>, requester = dana) => ({
  ...{ key: `${action} ${world.clock.now()}`, action, input, requester },
  origin: { surface: 'command' as const },
});

test('what no rule asks those groups about goes on as ever, and nobody hears of a doubt', async () => {
  const world = await worldWithoutGroups();
  expect(Object.keys(world.outside.catalog.unknownGroups ?? {})).toEqual(
    expect.arrayContaining(['release-crew', 'payments-maintainers']),
  );
  const input = { name: 'mine', blueprint: 'web-service', cpu: 2, ttl: '8h' };
  const asked = value(await world.desk.submit(ask(world, 'environment.create', input, priya)));
  const { verdict } = value(await world.desk.decide(asked.id));
  expect(verdict?.reasons.map(({ code, text }) => `${code} ${text}`).join()).not.toContain(
    'could not be found out',
  );
  expect(verdict?.outcome).not.toBe('deny');
});

test('reading goes on', async () => {
  const world = await worldWithoutGroups();
  for (const [action, input] of [
    ['environment.list', {}],
    ['policy.whoami', {}],
  ] as const) {
    const answered = await world.desk.answer(ask(world, action, input));
    expect(answered.ok ? 'answered' : answered.problem.sentence).toBe('answered');
  }
  await world.clock.advance(hourMs);
});

test('who asks which groups they are in reads which of them nobody could ask about, and since when', async () => {
  const world = await worldWithoutGroups();
  const answer = value(await world.desk.answer(ask(world, 'policy.whoami', {})));
  expect(JSON.stringify(answer)).toContain('the GitHub team acme/payments has not been heard of');
});
