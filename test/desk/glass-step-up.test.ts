/** An emergency that wants a second factor is none without one. */
import { expect, test } from 'vitest';
import { codeAt } from '../../src/codes/time-codes.ts';
import { codeLimits } from '../../src/core/codes.ts';
import type { Ask } from '../../src/desk/desk.ts';
import { codeOf, type DeskWorld, dana, deskWorld, sam, twoPeople, value } from './desk-world.ts';

const glass = `break_glass:
  who: sre
  on: thing.change
  bypasses: [approvals, windows]
  review: [sre, platform-leads]
`;
const withCode = `${glass}  step_up: code\n`;
const emergency = { kind: 'break_glass', reason: 'customers cannot pay at all' } as const;

async function world(rules = withCode) {
  const made = await deskWorld();
  made.enforce(twoPeople, rules);
  const { key } = value(await made.context.codes.begin(sam));
  value(await made.context.codes.confirm(sam, codeAt(key, made.clock.now()), undefined));
  await made.clock.advance(codeLimits.stepMs.value);
  return { ...made, codeNow: () => codeAt(key, made.clock.now()) };
}

function ask({ desk }: DeskWorld, more: Partial<Ask> = {}) {
  return desk.submit({
    ...{ key: 'one', action: 'thing.change', input: { name: 'it' }, requester: sam },
    ...{ origin: { surface: 'modal' }, bypass: emergency },
    ...more,
  });
}

test('it is asked for its code before anything is written, and runs at once with it', async () => {
  const one = await world();
  expect(codeOf(await ask(one))).toBe('code_needed');
  expect(codeOf(await ask(one, { code: '000000' }))).toBe('code_wrong');
  expect(await one.store.list({ limit: 10 })).toEqual([]);
  const code = one.codeNow();
  const { id } = value(await ask(one, { code }));
  value(await one.desk.decide(id));
  const request = await one.request(id);
  expect(request).toMatchObject({ status: 'approved', bypass: { ...emergency, factor: 'code' } });
  expect(request.glass).toEqual({
    ...{ brokenAt: one.clock.now(), rules: ['things'], review: ['sre', 'platform-leads'] },
  });
  expect(JSON.stringify(await one.store.history(id))).not.toContain(`"${code}"`);
});

test('a code breaks glass once, also when two come in one moment', async () => {
  const one = await world();
  const code = one.codeNow();
  const both = await Promise.allSettled(['a', 'b'].map((key) => ask(one, { key, code })));
  const said = both.map((result) => (result.status === 'fulfilled' ? codeOf(result.value) : 'code_wrong'));
  expect(said.sort()).toEqual(['accepted', 'code_wrong']);
  expect(await one.store.list({ limit: 10 })).toHaveLength(1);
});

test('who says that they had a factor had none', async () => {
  const one = await world(glass);
  const { id } = value(await ask(one, { bypass: { ...emergency, factor: 'code' } }));
  expect((await one.request(id)).bypass).toEqual(emergency);
});

test('guardrails that begin to want one before they have spoken let nothing through without it', async () => {
  const one = await world(glass);
  const { id } = value(await ask(one));
  one.enforce(twoPeople, withCode);
  value(await one.desk.decide(id));
  const request = await one.request(id);
  expect(request.status).toBe('denied');
  expect(request.glass).toBeUndefined();
  expect(request.verdict?.reasons).toMatchObject([{ code: 'glass_refused' }]);
});

test('it is offered, and the form is told that it wants a code; nobody else is asked for one', async () => {
  const one = await world();
  const asked = { action: 'thing.change', input: { name: 'it' }, origin: { surface: 'modal' } } as const;
  const plain = value(await one.desk.forecast({ ...asked, requester: sam }));
  expect(plain.bypasses?.kinds).toEqual(['break_glass']);
  const broken = value(await one.desk.forecast({ ...asked, requester: sam, bypass: emergency }));
  expect(broken.verdict).toMatchObject({ outcome: 'allow', glass: { stepUp: 'code' } });
  expect(codeOf(await ask(one, { requester: dana }))).toBe('accepted');
  expect(codeOf(await ask(one, { key: 'two', bypass: { ...emergency, kind: 'override' } }))).toBe('accepted');
});
