/** What people read of the guardrails, and what would let a request of theirs run. */
import { expect, test } from 'vitest';
import { noChange } from '../../src/core/facts.ts';
import { readContext } from '../../src/desk/context.ts';
import { dana, deskWorld, lee, onePerson, sam } from './desk-world.ts';

const sizes = `
  - id: small
    on: environment.create
    when: input.cpu <= 4 && cost.perDay < 10
    allow: small ones run
  - id: large
    on: environment.create
    when: input.cpu > 4 && input.cpu <= 16
    require: { from: platform-leads, because: more than 4 CPU }
  - id: too-large
    on: environment.create
    when: input.cpu > 16
    deny: too large
`;

test('a forecast names the smaller size, with the cost that it would have, and nothing is said of what runs', async () => {
  const { desk } = await deskWorld(sizes);
  const asked = (cpu: number) =>
    desk.forecast({
      action: 'environment.create',
      input: { name: 'load-test', cpu },
      requester: dana,
      origin: { surface: 'modal' },
    });
  const large = await asked(32);
  const ways = large.ok ? large.value.verdict.ways : undefined;
  expect(
    ways?.map(({ changes, leadsTo }) => [changes.map((one) => one.kind === 'input' && one.to), leadsTo]),
  ).toEqual([
    [[4], 'allow'],
    [[16], 'require_approval'],
  ]);
  const small = await asked(2);
  expect(small.ok && small.value.verdict.ways).toBeUndefined();
});

test('what the blueprint asks for, and how long it lives, are offered as they would be typed', async () => {
  const { desk } = await deskWorld(`
  - id: any
    on: environment.create
    allow: they run
  - id: busy
    blueprint: worker
    when: input.values.concurrency > 16 || input.ttlHours > 48
    deny: too much at once
`);
  const asked = async (values: object, ttl: string) => {
    const forecast = await desk.forecast({
      action: 'environment.create',
      input: { name: 'load-test', blueprint: 'worker', ttl, values },
      requester: dana,
      origin: { surface: 'modal' },
    });
    const ways = forecast.ok ? forecast.value.verdict.ways : undefined;
    return ways?.map(({ changes }) => changes.map((one) => one.kind === 'input' && [one.field, one.to]));
  };
  expect(await asked({ concurrency: 32 }, '8h')).toEqual([[['values.concurrency', 16]]]);
  expect(await asked({}, '3d')).toEqual([[['ttl', '2d']]]);
  expect(await asked({ concurrency: 32 }, '3d')).toEqual([
    [
      ['ttl', '2d'],
      ['values.concurrency', 16],
    ],
  ]);
  expect(await asked({ concurrency: 16 }, '2d')).toBeUndefined();
});

test('the ways out are no news: a request is not judged anew for them, nor recorded with them', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  const [evaluation] = await world.store.evaluations(id);
  expect(evaluation?.verdict).not.toHaveProperty('ways');
});

test('a line is explained as if its reader had asked it now, and leaves nothing behind', async () => {
  const world = await deskWorld(sizes);
  const { guardrails } = readContext(world.context, dana);
  const found = await guardrails.explain('/env create load-test --cpu 32');
  expect(found).toMatchObject({
    outcome: 'deny',
    sentence: 'Refused: too large.',
    ways: ['4 CPU instead of 32', expect.stringContaining('16 CPU instead of 32, and then 1 approval')],
  });
  expect(found.rules.filter(({ counts }) => counts).map(({ id }) => id)).toEqual(['too-large']);
  expect(await world.store.list({ limit: 10 })).toEqual([]);
  await expect(guardrails.explain('/nothing at all')).rejects.toMatchObject({
    problem: { code: 'bad_input' },
  });
});

test('a request is explained by what was known of it, and one that there is not is not', async () => {
  const world = await deskWorld(onePerson);
  const id = await world.ask(dana);
  const { guardrails } = readContext(world.context, lee);
  expect(await guardrails.explain(id)).toMatchObject({ of: id, outcome: 'require_approval' });
  await expect(guardrails.explain('REQ-99')).rejects.toMatchObject({ problem: { code: 'not_found' } });
  expect(await guardrails.report(60_000)).toMatchObject({ requests: 1, letThrough: 0 });
  expect(guardrails.concerning()).toMatchObject([{ id: 'things' }]);
});

test('a request that was judged again is explained by what was known then, not when it was asked for', async () => {
  const large = `
  - id: large
    on: thing.change
    when: change.commits > 5
    require: { from: sre, because: it is large }
`;
  const world = await deskWorld(onePerson + large);
  const id = await world.ask(dana);
  const counts = async () => {
    const { rules } = await readContext(world.context, lee).guardrails.explain(id);
    return rules.map((rule) => [rule.id, rule.counts]);
  };
  expect(await counts()).toEqual([
    ['things', true],
    ['large', false],
  ]);
  world.outside.change = { ...noChange, commits: 9 };
  await world.review(id, sam);
  expect(await counts()).toEqual([
    ['things', true],
    ['large', true],
  ]);
});
