/** From an ask to a verdict: who may, what is written, and an outside that is away. */
import { expect, test } from 'vitest';
import { minuteMs, secondMs } from '../../src/core/duration.ts';
import { type Person, systemPerson } from '../../src/core/person.ts';
import { problem } from '../../src/core/problem.ts';
import { atOnce, away, codeOf, dana, deskWorld, onePerson, twoPeople, value } from './desk-world.ts';

const ask = (requester: Person, key = 'k') => ({
  key,
  action: 'thing.change',
  input: { name: 'it' },
  requester,
  origin: { surface: 'command' as const },
});

test('the same key is the same request, however often it arrives', async () => {
  const world = await deskWorld();
  const asked = await Promise.all([1, 2, 3].map(() => world.desk.submit(ask(dana))));
  expect(new Set(asked.map((one) => value(one).id)).size).toBe(1);
  expect(value(await world.desk.submit(ask(dana, 'other'))).id).toBe('REQ-2');
});

test('judged twice at the same moment, by the asker and by the runner, it is judged once', async () => {
  const world = await deskWorld(atOnce);
  const { id } = value(await world.desk.submit(ask(dana)));
  await Promise.all([world.desk.decide(id), world.desk.decide(id)]);
  expect((await world.types(id)).filter((type) => type === 'evaluated')).toHaveLength(1);
  expect(await world.store.evaluations(id)).toHaveLength(1);
});

test('what was written down before a crash is judged by the runner', async () => {
  const world = await deskWorld(twoPeople);
  const { id } = value(await world.desk.submit(ask(dana)));
  world.startRunner();
  await world.pass(14 * secondMs);
  expect((await world.request(id)).status).toBe('submitted');
  await world.pass(2 * secondMs);
  expect((await world.request(id)).status).toBe('waiting');
  expect(await world.notices(id)).toEqual(['waiting']);
});

test.each<[string, Person['kind']]>([
  ['a guest', 'guest'],
  ['somebody of another company', 'outside'],
  ['a bot', 'bot'],
  ['a deactivated account', 'deactivated'],
])('%s can ask for nothing and see nothing', async (_who, kind) => {
  const world = await deskWorld(atOnce);
  const id = await world.ask(dana);
  const stranger = { ...dana, kind };
  expect(codeOf(await world.desk.submit(ask(stranger)))).toBe('not_a_member');
  expect(codeOf(await world.desk.forecast(ask(stranger)))).toBe('not_a_member');
  expect(codeOf(await world.desk.answer({ ...ask(stranger), action: 'service.status' }))).toBe(
    'not_a_member',
  );
  expect(codeOf(await world.desk.view(id, stranger))).toBe('not_a_member');
  expect(world.desk.permittedActions(stranger)).toEqual([]);
  expect(await world.desk.overview(stranger)).toEqual({ mine: [], waitingForMe: [], debts: [] });
});

test('Greenlight itself asks only for what a rule lets through for it', async () => {
  const world = await deskWorld(`
  - id: things
    on: thing.change
    when: requester.kind == "member"
    allow: members may
`);
  const asked = await world.desk.submit(ask(systemPerson));
  const judged = asked.ok ? await world.desk.decide(asked.value.id) : asked;
  expect(judged.ok ? judged.value.status : judged.problem.code).toBe('denied');
});

test('a rule about groups never lets through somebody whose groups cannot be told', async () => {
  const world = await deskWorld(`
  - id: things
    on: thing.change
    when: '!("sre" in requester.groups)'
    allow: everybody but SRE
`);
  const { email: _email, ...unknown } = dana;
  world.outside.people.set(dana.id, unknown);
  const id = await world.ask(unknown);
  expect((await world.request(id)).status).toBe('denied');
});

test('an outside that is away leaves it submitted, and it is judged when the outside is back', async () => {
  const world = await deskWorld(onePerson);
  world.outside.previewProblem = away;
  const { id } = value(await world.desk.submit(ask(dana)));
  expect(codeOf(await world.desk.decide(id))).toBe('outside_unavailable');
  world.startRunner();
  await world.pass(5 * minuteMs);
  expect((await world.request(id)).status).toBe('submitted');
  world.outside.previewProblem = undefined;
  await world.pass(minuteMs);
  expect((await world.request(id)).status).toBe('waiting');
});

test('an outside that stays away is given up after ten minutes, and the requester is told why', async () => {
  const world = await deskWorld(onePerson);
  world.outside.previewProblem = away;
  const { id } = value(await world.desk.submit(ask(dana)));
  world.startRunner();
  await world.pass(9 * minuteMs);
  expect((await world.request(id)).status).toBe('submitted');
  await world.pass(2 * minuteMs);
  expect(await world.request(id)).toMatchObject({
    status: 'failed',
    problem: { sentence: expect.stringMatching(/^GitHub is away\. REQ-1 could not begin for 10m/) },
    remains: [],
  });
  expect(await world.notices(id)).toEqual(['stalled', 'ended']);
});

test('what does not exist fails at once, without a card: whoever asked is told in the answer', async () => {
  const world = await deskWorld(onePerson);
  world.outside.previewProblem = problem('not_found', 'There is no such version.', 'Look again.');
  const id = await world.ask(dana);
  expect(await world.request(id)).toMatchObject({ status: 'failed', problem: { code: 'not_found' } });
  expect(await world.notices(id)).toEqual([]);
});

test('a read leaves its evaluation, also when it is refused', async () => {
  const world = await deskWorld(`
  - id: reading
    on: read
    when: requester.email == "dana@acme.example"
    allow: Dana may look
`);
  const recorded: string[] = [];
  const { recordEvaluation } = world.store;
  Object.assign(world.store, {
    recordEvaluation: async (evaluation: Parameters<typeof recordEvaluation>[0]) => {
      recorded.push(`${evaluation.stage} ${evaluation.verdict.outcome}`);
      await recordEvaluation(evaluation);
    },
  });
  const read = (requester: Person) =>
    world.desk.answer({ ...ask(requester), action: 'environment.list', input: {} });
  value(await read(dana));
  expect(codeOf(await read({ ...dana, email: 'max@acme.example' }))).toBe('denied_by_policy');
  expect(recorded).toEqual(['read allow', 'read deny']);
});

test('every stage leaves the facts and the verdict that it was decided on', async () => {
  const world = await deskWorld(atOnce);
  const id = await world.ask(dana);
  world.startRunner();
  await world.pass(0);
  const evaluations = await world.store.evaluations(id);
  expect(evaluations.map((one) => one.stage).sort()).toEqual(['start', 'submit']);
  expect(evaluations[0]?.facts).toMatchObject({
    action: 'thing.change',
    requester: { groups: ['checkout'] },
  });
});
