/** Whom and what a request is about is looked up at each judgement: the catalog and the records go on while it waits. */
import { expect, test } from 'vitest';
import type { ChangeAction, Target } from '../../src/core/action.ts';
import { hourMs } from '../../src/core/duration.ts';
import { fold } from '../../src/core/fold.ts';
import { ok, problem, refuse } from '../../src/core/problem.ts';
import { codeOf, type DeskWorld, dana, deskWorld, onePerson, priya, sam, value } from './desk-world.ts';

const staging: Target = {
  ...{ kind: 'service', name: 'it', tier: 'staging', team: 'payments' },
  service: { name: 'payments', owners: ['payments'] },
};
const production: Target = {
  ...{ kind: 'service', name: 'it', tier: 'production', team: 'sre' },
  service: { name: 'payments', owners: ['sre'] },
};
const byTier = `
  - id: production
    on: thing.change
    tier: production
    require: { from: sre, because: people feel it }
  - id: staging
    on: thing.change
    tier: staging
    allow: nobody feels it
`;

async function thingIn(
  rules: string,
  target: ChangeAction['target'] = () => ok(staging),
): Promise<DeskWorld> {
  const world = await deskWorld(rules);
  turn(world, target);
  return world;
}

function turn({ outside }: DeskWorld, target: ChangeAction['target']): void {
  const thing = outside.actions.get('thing.change');
  if (!thing || thing.effect === 'read') throw new Error('there is no thing');
  outside.actions.set('thing.change', { ...thing, target });
}

test('what is production by the time that it may start is asked for as production', async () => {
  const world = await thingIn(byTier);
  const id = await world.ask(dana);
  expect(await world.request(id)).toMatchObject({ status: 'approved', target: staging });
  turn(world, () => ok(production));
  world.startRunner();
  await world.pass(0);
  const asked = await world.request(id);
  expect(asked).toMatchObject({ status: 'waiting', target: production, requirements: [{ from: ['sre'] }] });
  const history = await world.store.history(id);
  expect(fold(history.map(({ event }) => event)).target).toEqual(production);
  const [evaluation] = await world.store.evaluations(id);
  expect(evaluation?.facts).toMatchObject({ target: { tier: 'production', team: 'sre' } });
  value(await world.review(id, sam));
  await world.pass(0);
  expect((await world.request(id)).status).toBe('succeeded');
});

test('answers to what belonged to others are void, and people read what moved', async () => {
  const world = await thingIn(onePerson);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  turn(world, () => ok(production));
  world.startRunner();
  await world.pass(0);
  expect(await world.request(id)).toMatchObject({
    status: 'waiting',
    reviews: [],
    moved: ['the tier moved from staging to production', 'it belongs to SRE now instead of Payments team'],
  });
});

test('a yes of the former owners does not count, and the new ones are asked', async () => {
  const world = await thingIn(onePerson.replace('[sre, payments]', 'owners'));
  const id = await world.ask(dana);
  turn(world, () => ok(production));
  expect(codeOf(await world.review(id, priya))).toBe('out_of_date');
  expect(await world.request(id)).toMatchObject({ status: 'waiting', requirements: [{ from: ['sre'] }] });
  expect(codeOf(await world.review(id, priya))).toBe('not_eligible');
  expect(value(await world.review(id, sam)).status).toBe('approved');
});

test('the new owners are asked, and may answer, though none of the former ones clicks', async () => {
  const world = await thingIn(onePerson.replace('[sre, payments]', 'owners'));
  const id = await world.ask(dana);
  turn(world, () => ok(production));
  world.startRunner();
  await world.pass(2 * hourMs);
  expect(await world.request(id)).toMatchObject({ status: 'waiting', requirements: [{ from: ['sre'] }] });
  expect(value(await world.review(id, sam)).status).toBe('approved');
});

test('a request that waits for what nobody could ask for any more is not looked at again and again', async () => {
  const world = await thingIn(onePerson);
  const id = await world.ask(dana);
  let looks = 0;
  turn(world, () => {
    looks += 1;
    return refuse(problem('bad_input', 'There is no thing "it".', 'Choose another.'));
  });
  world.startRunner();
  await world.pass(2 * hourMs);
  expect((await world.request(id)).status).toBe('waiting');
  expect(looks).toBeLessThan(10);
});

test('what is still about the same writes nothing of it', async () => {
  const world = await thingIn(onePerson);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  world.startRunner();
  await world.pass(0);
  expect((await world.request(id)).status).toBe('succeeded');
  const targets = (await world.store.history(id)).filter(({ event }) => 'target' in event);
  expect(targets.map(({ event }) => event.type)).toEqual(['requested']);
});

test('what could not be asked for like that any more ends, and says why', async () => {
  const world = await thingIn(onePerson);
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  const gone = problem('bad_input', 'There is no thing "it".', 'Choose another.', { fields: { name: 'x' } });
  turn(world, () => refuse(gone));
  world.startRunner();
  await world.pass(0);
  const { status, problem: said } = await world.request(id);
  expect(status).toBe('failed');
  expect(said).toMatchObject({ code: 'plan_changed' });
  expect(said?.sentence).toBe(`What ${id} was asked with no longer fits: There is no thing "it".`);
});

const ofOwnTeam: ChangeAction['target'] = (_asked, { requesterGroups: [team] }) =>
  team === undefined
    ? refuse(problem('bad_input', 'You are in no team.', 'Join one.'))
    : ok({ kind: 'environment', name: 'it', tier: 'dev', team });

test('while nobody can tell in which team somebody is, what they asked for stays their team’s', async () => {
  const world = await thingIn(onePerson, ofOwnTeam);
  const { catalog } = world.outside;
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  const { checkout: _away, ...groups } = catalog.groups;
  world.outside.catalog = { ...catalog, groups, unknownGroups: { checkout: 'GitHub is away' } };
  world.startRunner();
  await world.pass(0);
  expect(await world.request(id)).toMatchObject({ status: 'succeeded', target: { team: 'checkout' } });
});

test.each([
  ['another team, too', ['checkout', 'payments'], 'succeeded'],
  ['another team instead', ['payments'], 'failed'],
])('whoever is in %s by now has asked for the first one', async (_which, teams, ended) => {
  const world = await thingIn(onePerson, ofOwnTeam);
  const { catalog } = world.outside;
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  const { checkout, payments, ...groups } = catalog.groups;
  if (!checkout || !payments) throw new Error('they are gone');
  const members = [...payments.members, 'dana@acme.example'];
  world.outside.catalog = {
    ...catalog,
    groups: {
      payments: { ...payments, members },
      ...(teams.includes('checkout') ? { checkout } : {}),
      ...groups,
    },
  };
  world.startRunner();
  await world.pass(0);
  expect(await world.request(id)).toMatchObject({ status: ended, target: { team: 'checkout' } });
});

test('whoever has left the team does not go on in its name', async () => {
  const world = await thingIn(onePerson, ofOwnTeam);
  const { catalog } = world.outside;
  const id = await world.ask(dana);
  value(await world.review(id, sam));
  const { checkout: _left, ...groups } = catalog.groups;
  world.outside.catalog = { ...catalog, groups };
  world.startRunner();
  await world.pass(0);
  expect(await world.request(id)).toMatchObject({ status: 'failed', problem: { code: 'plan_changed' } });
});
