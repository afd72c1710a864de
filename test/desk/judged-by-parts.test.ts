/** A request about several services is judged for each of them: whoever must agree to one must agree to the set. */
import { expect, test } from 'vitest';
import { defineAction, type Preview } from '../../src/core/action.ts';
import { noChange } from '../../src/core/facts.ts';
import { type DeskWorld, dana, deskWorld, max, priya, sam } from './desk-world.ts';

const rules = `
  - id: owners
    on: thing.change
    require: { from: owners, because: their owners }
  - id: red
    on: thing.change
    when: change.checks == "red"
    deny: it is red
  - id: checkout-alone
    on: thing.change
    service: checkout
    require: { from: sre, because: checkout is fragile }
`;

const part = (name: string, owners: string[], change: Preview['change'] = noChange) => ({
  target: {
    ...{ kind: 'service', name, tier: 'production', team: owners[0] ?? '' },
    service: { name, owners },
  } as const,
  change,
});

async function worldOf(...parts: ReturnType<typeof part>[]): Promise<DeskWorld> {
  const world = await deskWorld(rules);
  const thing = world.outside.actions.get('thing.change');
  if (!thing || thing.effect === 'read') throw new Error('there is no thing');
  const preview = async (...asked: Parameters<typeof thing.preview>) => ({
    ...(await thing.preview(...asked)),
    parts: parts as Preview['parts'] & object,
  });
  world.outside.actions.set('thing.change', defineAction({ ...thing, preview }));
  return world;
}

test('each owner must agree, and a rule for one service of the set is in force for it', async () => {
  const world = await worldOf(part('payments', ['payments']), part('checkout', ['checkout']));
  const id = await world.ask(max);
  const { requirements } = await world.request(id);
  expect(requirements.map((one) => [one.id, one.from])).toEqual([
    ['owners.payments', ['payments']],
    ['checkout-alone.checkout', ['sre']],
    ['owners.checkout', ['checkout']],
  ]);
  for (const by of [priya, sam]) await world.review(id, by);
  expect(await world.request(id)).toMatchObject({ status: 'waiting' });
  await world.review(id, dana);
  expect(await world.request(id)).toMatchObject({ status: 'approved' });
});

test('one part that is refused refuses the set, and is named', async () => {
  const red = part('checkout', ['checkout'], { ...noChange, checks: 'red' });
  const world = await worldOf(part('payments', ['payments']), red);
  const { status, verdict } = await world.request(await world.ask(max));
  expect(status).toBe('denied');
  expect(verdict?.reasons).toMatchObject([{ rule: 'red', text: 'checkout: it is red' }]);
});

test('a part whose change nobody can tell is as good as red', async () => {
  const world = await worldOf(part('payments', ['payments']), part('checkout', ['checkout'], 'unknown'));
  expect(await world.request(await world.ask(max))).toMatchObject({ status: 'denied' });
});

test('what each part was judged by is recorded', async () => {
  const world = await worldOf(part('payments', ['payments']), part('checkout', ['checkout']));
  const [evaluation] = await world.store.evaluations(await world.ask(max));
  expect(evaluation?.facts).toMatchObject({
    parts: [{ service: { name: 'payments' } }, { service: { name: 'checkout' } }],
  });
});
