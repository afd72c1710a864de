/** What an approval is bound to: each part moves by itself, is told by name, and voids what was said before. */
import { describe, expect, test } from 'vitest';
import type { Action, ChangeAction } from '../../src/core/action.ts';
import { noChange } from '../../src/core/facts.ts';
import { whatMoved } from '../../src/desk/what-moved.ts';
import { evaluated, plan, preview, requestAfter, requirement, verdict } from '../core/requests.ts';
import { codeOf, type DeskWorld, dana, deskWorld, onePerson, priya, sam, value } from './desk-world.ts';

async function approvedThing(): Promise<{ world: DeskWorld; id: Awaited<ReturnType<DeskWorld['ask']>> }> {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  return { world, id };
}

function bend(world: DeskWorld, more: Partial<ChangeAction>): void {
  const action = world.outside.actions.get('thing.change');
  if (action) world.outside.actions.set('thing.change', { ...action, ...more } as Action);
}

test.each(['place', 'cluster', 'payments place'])(
  'a version that binds the %s as well does not void the answers of before',
  async (name) => {
    const { world, id } = await approvedThing();
    bend(world, {
      preview: async () => ({ ...preview, resolved: { commit: 'c1', [name]: 'sandbox/payments/payments' } }),
    });
    world.startRunner();
    await world.pass(0);
    expect((await world.request(id)).status).toBe('succeeded');
  },
);

const otherStep = { id: 'evil', title: 'Something else', do: async () => ({ state: 'done' }) };

describe('between approval and start', () => {
  test.each<[string, (world: DeskWorld) => void, string]>([
    [
      'a force-push',
      ({ outside }) => void Object.assign(outside, { commit: 'f0f0' }),
      'the commit moved from c1 to f0f0',
    ],
    [
      'another price',
      (world) =>
        bend(world, {
          preview: async () => ({ ...preview, resolved: { commit: 'c1' }, cost: { perHour: 1, perDay: 24 } }),
        }),
      'its price changed',
    ],
    [
      'other steps',
      ({ outside }) => void Object.assign(outside, { steps: [otherStep] }),
      'its steps changed',
    ],
    [
      'other commits',
      (world) =>
        bend(world, {
          preview: async () => ({
            ...preview,
            resolved: { commit: 'c1' },
            commits: [{ sha: 'b'.repeat(40), title: 'x', author: 'x', url: 'https://github.example' }],
          }),
        }),
      'other commits would go out now',
    ],
    [
      'a check that turned red',
      ({ outside }) => void Object.assign(outside, { change: { ...noChange, checks: 'red' } }),
      'a check is red now',
    ],
  ])('%s is told by name, and nothing starts', async (_what, move, said) => {
    const { world, id } = await approvedThing();
    move(world);
    world.startRunner();
    await world.pass(0);
    const request = await world.request(id);
    expect(request).toMatchObject({ status: 'waiting', reviews: [], moved: [said] });
    expect(await world.types(id)).not.toContain('started');
  });

  test('a policy that needs nobody any more lets it run, and one that refuses ends it', async () => {
    const { world, id } = await approvedThing();
    world.enforce(onePerson.replace(/require:.*/, 'allow: things change by themselves'));
    world.startRunner();
    await world.pass(0);
    expect((await world.request(id)).status).toBe('succeeded');
  });
});

describe('what moved', () => {
  const before = requestAfter(
    evaluated('require_approval', {
      requirements: [requirement({ id: 'a', rule: 'a' }), requirement({ id: 'b', rule: 'b' })],
    }),
  );
  const now = (resolved: Record<string, string>, more: Parameters<typeof verdict>[1] = {}) => ({
    preview: { ...preview, resolved },
    target: before.target,
    plan,
    verdict: verdict('require_approval', { requirements: before.requirements.slice(), ...more }),
  });
  const resolvedAs = (resolved: Record<string, string>) => ({ ...before, preview: { ...preview, resolved } });

  test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    [
      'a commit',
      { commit: 'a'.repeat(40) },
      { commit: 'b'.repeat(40) },
      ['the commit moved from aaaaaaa to bbbbbbb'],
    ],
    ['a version', { version: 'v1' }, { version: 'v2' }, ['the version moved from v1 to v2']],
    [
      'a fingerprint',
      { blueprint: 'abcdef012345' },
      { blueprint: '012345abcdef' },
      ['the blueprint was changed'],
    ],
    ['something new', {}, { lock: 'REQ-3' }, ['the lock is REQ-3 now']],
    ['something gone', { lock: 'REQ-3' }, {}, ['the lock is no longer REQ-3']],
    ['nothing', { lock: 'REQ-3' }, { lock: 'REQ-3' }, []],
  ])('%s has words', (_what, from, to, said) => {
    expect(whatMoved(resolvedAs(from), now(to), {})).toEqual(said);
  });

  test('a tier and owners have words, an environment its team', () => {
    const service = (...owners: string[]) => ({
      ...{ kind: 'service' as const, name: 'payments in staging', team: owners[0] ?? '' },
      ...{ tier: owners.length > 1 ? ('production' as const) : ('staging' as const) },
      service: { name: 'payments', owners },
    });
    const was = { ...before, target: service('payments') };
    const titles = { payments: 'Payments team' };
    expect(whatMoved(was, { ...now({}), target: service('payments', 'sre') }, titles)).toEqual([
      'the tier moved from staging to production',
      'it belongs to Payments team and sre now instead of Payments team',
    ]);
    expect(whatMoved(was, { ...now({}), target: service() }, titles)).toEqual([
      'it belongs to nobody now instead of Payments team',
    ]);
    const handedOver = { ...before.target, team: 'payments' };
    expect(whatMoved(before, { ...now({}), target: handedOver }, titles)).toEqual([
      'it belongs to Payments team now instead of checkout',
    ]);
  });

  test('a check that is no longer red is told too, and one of several parts is enough', () => {
    const red = { ...noChange, checks: 'red' as const };
    const wasRed = { ...before, preview: { ...preview, change: red } };
    expect(whatMoved(wasRed, now({}), {})).toEqual(['no check is known to be red any more']);
    const { target } = before;
    const parts = [
      { target, change: 'unknown' as const },
      { target, change: { ...noChange, requiredChecks: 'red' as const } },
    ];
    const later = { ...now({}), preview: { ...preview, parts } };
    expect(whatMoved(before, later, {})).toEqual(['a check is red now']);
  });

  test('in the policy is told rule by rule', () => {
    const moved = now(
      {},
      {
        policyVersion: 'p2',
        requirements: [
          requirement({ id: 'a', rule: 'a', count: 2 }),
          requirement({ id: 'c', rule: 'c', from: ['payments'], not: ['author'] }),
        ],
      },
    );
    expect(whatMoved(before, moved, { sre: 'SRE', payments: 'Payments team' })).toEqual([
      'the policy changed: rule "a" now asks 2 from SRE instead of 1 from SRE, rule "c" now asks 1 from Payments team, none of them an author of the change and rule "b" asks nobody any more',
    ]);
    const refused = now({}, { policyVersion: 'p2', outcome: 'deny', requirements: [] });
    expect(whatMoved(before, refused, {}).join()).toMatch(
      /^the policy changed: it is refused now, rule "a" asks/,
    );
    expect(whatMoved(before, now({}, { policyVersion: 'p2' }), {})).toEqual([]);
  });

  test('is nothing of what was never judged', () => {
    const { verdict: _verdict, preview: _preview, ...fresh } = before;
    expect(whatMoved(fresh, now({}), {})).toEqual([]);
  });
});

test('an author behind an address of GitHub is found by their login, and does not count', async () => {
  const world = await deskWorld(onePerson.replace('because:', 'not: author, because:'));
  world.outside.catalog = {
    ...world.outside.catalog,
    people: { 'sam@acme.example': { github: 'sam-okoye' } },
  };
  world.outside.change = { ...noChange, commits: 1, authors: ['583231+Sam-Okoye@users.noreply.github.com'] };
  const id = await world.ask(dana);
  expect(codeOf(await world.review(id, sam))).toBe('author_of_change');
  value(await world.review(id, priya));
  expect((await world.request(id)).status).toBe('approved');
});

test('whoever a bot asks for cannot answer, from whatever account; others can', async () => {
  const world = await deskWorld(onePerson);
  const system = { ...dana, id: 'system', name: 'Greenlight', kind: 'system' } as unknown as typeof dana;
  const { email: _email, ...bot } = system;
  const asked = value(
    await world.desk.submit({
      ...{ key: 'bot', action: 'thing.change', input: { name: 'it' }, requester: bot, onBehalfOf: sam },
      origin: { surface: 'system' },
    }),
  );
  const { id } = value(await world.desk.decide(asked.id));
  expect(codeOf(await world.review(id, sam))).toBe('own_request');
  value(await world.review(id, priya));
  expect((await world.request(id)).status).toBe('approved');
});
