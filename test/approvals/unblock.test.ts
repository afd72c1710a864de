import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { evaluate } from '../../src/approvals/evaluate.ts';
import { describeChange, describeMissing, describeWay } from '../../src/approvals/explain-ways.ts';
import { inputKnobs } from '../../src/approvals/field-knobs.ts';
import type { Policy } from '../../src/approvals/policy.ts';
import { findWays, type Knob, type Search, triedMax } from '../../src/approvals/unblock.ts';
import { factsAt, waitKnob } from '../../src/approvals/wait-knob.ts';
import type { Facts } from '../../src/core/facts.ts';
import type { Requirement, VerdictChange, Way } from '../../src/core/verdict.ts';
import { facts, noon, policyOf, shippedPolicy, sourceOf, subjects } from './shipped.ts';

const titles = { 'platform-leads': 'Platform leads', sre: 'SRE', payments: 'Payments team' };
const schema = subjects['environment.create']?.input;

function changed(policy: Policy, given: Facts, changes: readonly VerdictChange[]): Facts {
  const input = { ...given.input };
  let told: Facts = { ...given, input };
  for (const change of changes) {
    if (change.kind === 'input') input[change.field] = change.to;
    else told = factsAt(policy, told, change.until);
  }
  return told;
}

function search(policy: Policy, given: Facts, input: unknown = schema): Search {
  const knobs = [...inputKnobs(policy, given, input), ...waitKnob(policy, given)];
  const tryOut = (changes: readonly VerdictChange[]) => evaluate(policy, changed(policy, given, changes));
  return findWays(evaluate(policy, given), knobs, tryOut);
}

const words = ({ ways }: Search, zone = 'Europe/Berlin') => ways.map((way) => describeWay(way, titles, zone));
const asked = (input: Record<string, unknown>, more: Partial<Facts> = {}): Facts => ({
  ...facts,
  ...more,
  input: { ...facts.input, ...input },
});

test('an environment that is too large is offered smaller: for nobody to approve, or for a lead', () => {
  expect(words(search(shippedPolicy, asked({ cpu: 32 })))).toEqual([
    '4 CPU instead of 32',
    '16 CPU instead of 32, and then 1 approval from Platform leads: more than 4 CPU',
  ]);
});

test('what would let it run is what the README shows', () => {
  const readme = sourceOf('src/approvals/README.md').text;
  for (const line of words(search(shippedPolicy, asked({ cpu: 32 })))) expect(readme).toContain(line);
});

test('two things in the way are changed together, and neither for nothing', () => {
  expect(words(search(shippedPolicy, asked({ cpu: 8, memoryGi: 32 })))).toEqual([
    '4 CPU instead of 8 and 16 GiB instead of 32',
  ]);
});

test('what no change of the input helps has no way out', () => {
  const guest = { ...facts, requester: { ...facts.requester, kind: 'guest' as const } };
  expect(words(search(shippedPolicy, guest))).toEqual([]);
});

const freeze = `windows:
  freeze: { title: the freeze, zone: Europe/Berlin, weekly: { from: wed 10:00, to: wed 15:12 } }
  audit: { title: the audit, zone: Europe/Berlin, weekly: { from: wed 15:00, to: wed 18:30 } }
`;

test('a hold is waited for, through windows that follow upon each other', () => {
  const policy = policyOf(
    `  - { id: a, allow: yes }
  - { id: h, hold: { window: freeze, because: frozen } }
  - { id: i, hold: { window: audit, because: audited } }`.replace('allow: yes', 'allow: "yes"'),
    freeze,
  );
  const found = words(search(policy, factsAt(policy, facts, noon)));
  expect(found).toEqual(['wait 6h 30m, until Wed 25 Nov, 18:30 CET, for the freeze to be over']);
});

test('a rule of the clock is waited for to the hour, and the environment grows older meanwhile', () => {
  const policy = policyOf(`  - { id: a, allow: x, when: "time.hour < 9 && environment.ageHours < 40.0" }`);
  const old = { ...facts, environment: { ...facts.environment, ageHours: 1, hoursLeft: 4 } };
  expect(words(search(policy, old))).toEqual(['wait 12h, until Thu 26 Nov, 00:00 CET']);
  expect(factsAt(policy, old, noon + 12 * 3_600_000).environment).toMatchObject({
    ageHours: 13,
    hoursLeft: 0,
  });
  const older = { ...old, environment: { ...old.environment, ageHours: 39 } };
  expect(words(search(policy, older))).toEqual([]);
});

test('fewer Pods where the cost follows from them, a word of a list, and nothing beyond the bounds', () => {
  const input = z.toJSONSchema(
    z.object({
      replicas: z.int().min(1).max(9).meta({ title: 'Replicas' }),
      size: z.enum(['small', 'large']).meta({ title: 'Size' }),
      name: z.string(),
      flag: z.boolean(),
    }),
  );
  const policy = policyOf(
    `  - { id: a, on: [environment.create], allow: x, when: "cost.perDay <= 3.0 && input.replicas < 20" }`,
  );
  const dear = asked({ replicas: 5, size: 'large', flag: true });
  const knobs = inputKnobs(policy, dear, input);
  expect(knobs.map((knob) => knob.map((one) => one.kind === 'input' && [one.title, one.to]))).toEqual([
    [4, 3, 2, 1].map((to) => ['replicas', to]),
  ]);
  expect(inputKnobs(shippedPolicy, asked({ replicas: undefined }), input)).toEqual([]);
  // So many would be tried for nothing: only what a rule names is left, and 3.5 Pods there are not.
  expect(inputKnobs(policy, asked({ replicas: 70 }), input)).toEqual([]);
  const half = policyOf('  - { id: a, on: thing.change, allow: x, when: "input.replicas + 0.5 < 4" }', '', {
    'thing.change': { effect: 'change', input },
  });
  const [knob] = inputKnobs(half, { ...asked({ replicas: 5 }), action: 'thing.change' }, input);
  expect(knob?.map((one) => one.kind === 'input' && one.to)).toEqual([4, 3, 2]);
  // A field without bounds, as schemas of others have them.
  const unbounded = z.toJSONSchema(z.object({ replicas: z.number() }));
  const [any] = inputKnobs(half, { ...asked({ replicas: 5 }), action: 'thing.change' }, unbounded);
  expect(any?.map((one) => one.kind === 'input' && one.to)).toEqual([4, 3, 2, 0.5, -1]);
  const sized = policyOf('  - { id: a, on: thing.change, allow: x, when: \'input.size == "small"\' }', '', {
    'thing.change': { effect: 'change', input },
  });
  expect(words(search(sized, { ...asked({ size: 'large' }), action: 'thing.change' }, input))).toEqual([
    'size small instead of large',
  ]);
});

test('one of something is said in the singular', () => {
  const change = { kind: 'input', field: 'x', from: 0, to: 1 } as const;
  const of = (title: string) => describeChange({ ...change, title });
  expect(['replicas', 'CPU', 'access'].map(of)).toEqual([
    '1 replica instead of 0',
    '1 CPU instead of 0',
    '1 access instead of 0',
  ]);
});

test('asking for less comes before waiting, and a switch is left alone', () => {
  const policy = policyOf(
    `  - { id: a, on: environment.create, allow: x, when: "input.cpu <= 4 || time.hour == 20" }`,
  );
  expect(words(search(policy, asked({ cpu: 8 })))).toEqual([
    '4 CPU instead of 8',
    'wait 8h, until Wed 25 Nov, 20:00 CET',
  ]);
  const input = z.toJSONSchema(z.object({ flag: z.boolean() }));
  const flagged = policyOf('  - { id: a, on: thing.change, allow: x, when: "!input.flag" }', '', {
    'thing.change': { effect: 'change', input },
  });
  expect(inputKnobs(flagged, { ...asked({ flag: true }), action: 'thing.change' }, input)).toEqual([]);
});

test('an action of which no rule speaks, and a window that never ends, have no way out', () => {
  expect(words(search(shippedPolicy, { ...facts, action: 'thing.unknown' }))).toEqual([]);
  const always = 'windows: { always: { weekly: { from: mon 00:00, to: mon 00:00 } } }\n';
  const policy = policyOf('  - { id: h, hold: { window: always, because: never } }', always);
  expect(words(search(policy, factsAt(policy, facts, noon)))).toEqual([]);
});

test('an hour and a size are found together, though neither alone changes what is said', () => {
  const policy =
    policyOf(`  - { id: a, on: environment.create, allow: x, when: "time.hour < 9 && input.cpu <= 4" }
  - { id: b, deny: y, when: "time.hour >= 9 && time.hour < 20" }`);
  expect(words(search(policy, asked({ cpu: 8 })))).toEqual([
    '4 CPU instead of 8 and wait 12h, until Thu 26 Nov, 00:00 CET',
  ]);
});

test('a search ends within its bound, and names only what it has tried', () => {
  const steps = (field: string): Knob =>
    Array.from({ length: 30 }, (_, to) => ({ kind: 'input', field, title: field, from: 99, to }));
  const never = evaluate(shippedPolicy, asked({ cpu: 32 }));
  const [reason] = never.reasons;
  const saying = (rule: string | undefined) => ({
    ...never,
    reasons: reason && rule === undefined ? [{ code: reason.code, text: '' }] : never.reasons,
  });
  const found = findWays(never, ['a', 'b', 'c', 'd'].map(steps), ([change, other]) =>
    change?.kind === 'input' && change.to === 3
      ? undefined
      : saying(other || (change?.kind === 'input' && Number(change.to) < 9) ? 'too-large' : undefined),
  );
  expect(found.ways).toEqual([]);
  expect(found.tried).toBeGreaterThan(200);
  expect(found.tried).toBeLessThanOrEqual(triedMax);
  const endless = findWays(
    never,
    ['a', 'b', 'c', 'd', 'e', 'f'].map((field) => [...steps(field), ...steps(field)]),
    () => never,
  );
  expect(endless).toEqual({ ways: [], tried: triedMax });
});

test('every way does what it says, and none smaller exists', () => {
  const fields = ['a', 'b', 'c'] as const;
  const input = z.toJSONSchema(z.object({ a: z.int(), b: z.int(), c: z.int() }));
  const condition = fc
    .record({ field: fc.constantFrom(...fields), sign: fc.constantFrom('<=', '>'), than: fc.nat(4) })
    .map(({ field, sign, than }) => `input.${field} ${sign} ${than}`);
  const conditions = fc
    .array(condition, { minLength: 1, maxLength: 2 })
    .chain((all) => fc.constantFrom(all.join(' && '), all.join(' || ')));
  const outcome = fc.constantFrom('allow: x', 'deny: x', 'require: { from: sre, because: x }');
  const rules = fc.array(fc.tuple(conditions, outcome), { minLength: 1, maxLength: 4 });
  const values = fc.record({ a: fc.nat(5), b: fc.nat(5), c: fc.nat(5) });
  const types = { 'thing.change': { effect: 'change' as const, input } };
  fc.assert(
    fc.property(rules, values, (list, given) => {
      const text = list.map(([when, say], at) => `  - { id: r${at}, when: "${when}", ${say} }`).join('\n');
      const policy = policyOf(text, '', types);
      const now: Facts = { ...facts, action: 'thing.change', effect: 'change', input: given };
      const rank = (changes: readonly VerdictChange[]) =>
        ranks[evaluate(policy, changed(policy, now, changes)).outcome];
      for (const way of search(policy, now, input).ways) {
        expect(rank(way.changes)).toBe(ranks[way.leadsTo]);
        expect(rank(way.changes)).toBeLessThan(rank([]));
        for (const smaller of smallerThan(way)) expect(rank(smaller)).toBeGreaterThan(ranks[way.leadsTo]);
      }
    }),
    { numRuns: 60, seed: 5 },
  );
});

const ranks = { allow: 0, require_approval: 1, hold: 2, deny: 3 } as const;

/** Every way of changing less: some of the fields left alone, or one of them turned less far. */
function smallerThan({ changes }: Way): readonly (readonly VerdictChange[])[] {
  const left = changes.map((_, index) => changes.toSpliced(index, 1)).filter((rest) => rest.length > 0);
  const nearer = changes.flatMap((change, index) => {
    if (change.kind === 'wait') return [];
    const [from, to] = [Number(change.from), Number(change.to)];
    const between = Array.from(
      { length: Math.abs(to - from) - 1 },
      (_, n) => from + Math.sign(to - from) * (n + 1),
    );
    return between.map((less) => changes.with(index, { ...change, to: less }));
  });
  return [...left, ...nearer];
}

const requirement = (from: readonly string[], count: number): Requirement => ({
  ...{ id: 'r', rule: 'r', from: [...from], not: [], because: 'x', expiresAfterMs: 1, count },
});

test('whose yes is missing is said once where one person counts twice', () => {
  const parts = [
    { requirement: requirement(['payments'], 1), approvals: [], missing: 1 },
    { requirement: requirement(['payments', 'sre'], 2), approvals: [], missing: 2 },
    { requirement: requirement(['payments', 'sre'], 2), approvals: [], missing: 2 },
    { requirement: requirement(['platform-leads'], 1), approvals: [], missing: 1 },
    { requirement: requirement(['checkout'], 1), approvals: [], missing: 0 },
  ];
  expect(describeMissing(parts, titles)).toBe(
    '2 more approvals from Payments team or SRE, 1 of them from Payments team and 1 more approval from Platform leads',
  );
});

test('a word is offered before the one that stands there now', () => {
  const change = { kind: 'input', field: 'size', title: 'size', from: 'large', to: 'small' } as const;
  const way: Way = { changes: [change], leadsTo: 'allow', requirements: [] };
  expect(describeWay(way, {})).toBe('size small instead of large');
});
