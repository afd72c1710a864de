import { celEnv, parse, plan } from '@bufbuild/cel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isChosen, withBlankValues } from '../../src/approvals/chosen.ts';
import { evaluate, valuesFor } from '../../src/approvals/evaluate.ts';
import type { Facts } from '../../src/core/facts.ts';
import { outcomes } from '../../src/core/verdict.ts';
import { deployFacts, facts, policyOf, shippedPolicy } from './shipped.ts';

const freeze =
  'windows: { freeze: { title: the freeze, weekly: { from: fri 16:00, to: mon 06:00 } }, always: { zone: UTC, weekly: { from: mon 00:00, to: mon 00:00 } } }\n';
const saturday = { ...facts.time, at: Date.parse('2026-11-21T12:00:00Z') };

function judged(rules: string, given: Partial<Facts> = {}, base: Facts = facts) {
  return evaluate(policyOf(rules, freeze), { ...base, ...given });
}

test('nothing said is refused', () => {
  expect(judged('- { id: a, on: deploy, allow: x }')).toMatchObject({
    outcome: 'deny',
    reasons: [{ code: 'nothing_matched' }],
  });
});

test('an action that the policy has never heard of is refused', () => {
  expect(judged('- { id: a, allow: x }', { action: 'database.drop' }).outcome).toBe('deny');
});

test('deny wins over hold, hold over approval, approval over allow', () => {
  const all = [
    '- { id: a, allow: x }',
    '- { id: b, require: { from: sre, because: b } }',
    '- { id: c, hold: { window: freeze, because: c } }',
    '- { id: d, deny: d }',
  ];
  const found = all.map((_, index) =>
    judged(all.slice(0, index + 1).join('\n'), { windows: ['freeze'], time: saturday }),
  );
  expect(found.map(({ outcome }) => outcome)).toEqual(['allow', 'require_approval', 'hold', 'deny']);
  expect(found[2]).toMatchObject({
    hold: { window: 'freeze', until: Date.parse('2026-11-23T05:00:00Z') },
    requirements: [{ id: 'b' }],
    reasons: [{ rule: 'c' }, { rule: 'b' }],
  });
  expect(found[3]).toMatchObject({
    requirements: [],
    reasons: [{ code: 'rule_denies', rule: 'd', text: 'd' }],
  });
});

test('a hold does nothing outside its window', () => {
  expect(judged('- { id: a, allow: x }\n- { id: b, hold: { window: freeze, because: y } }').outcome).toBe(
    'allow',
  );
});

test('of several windows the one that ends last holds, and one without an end outlasts all', () => {
  const rules =
    '- { id: a, hold: { window: freeze, because: y } }\n- { id: b, hold: { window: always, because: z } }';
  expect(judged(rules, { windows: ['freeze', 'always'], time: saturday }).hold).toEqual({ window: 'always' });
  const reversed =
    '- { id: a, hold: { window: always, because: y } }\n- { id: b, hold: { window: freeze, because: z } }';
  expect(judged(reversed, { windows: ['freeze', 'always'], time: saturday }).hold).toEqual({
    window: 'always',
  });
  expect(judged(rules, { windows: ['freeze'], time: saturday }).hold?.window).toBe('freeze');
});

test('the requirements of all rules count, each under its own id', () => {
  const rules =
    '- { id: a, require: [{ from: sre, because: x }, { count: 2, from: [payments, sre], because: y, expires_after: 1h }] }\n- { id: b, require: { from: payments, not: author, because: z } }';
  expect(judged(rules).requirements).toEqual([
    { id: 'a.1', rule: 'a', count: 1, from: ['sre'], not: [], because: 'x', expiresAfterMs: 86_400_000 },
    {
      id: 'a.2',
      rule: 'a',
      count: 2,
      from: ['payments', 'sre'],
      not: [],
      because: 'y',
      expiresAfterMs: 3_600_000,
    },
    {
      id: 'b',
      rule: 'b',
      count: 1,
      from: ['payments'],
      not: ['author'],
      because: 'z',
      expiresAfterMs: 86_400_000,
    },
  ]);
});

test('the header names whom a rule is about', () => {
  const rules = '- { id: a, on: [change], tier: production, service: payments, team: payments, allow: x }';
  expect(judged(rules, {}, deployFacts).outcome).toBe('allow');
  expect(judged(rules, { service: { name: 'search', owners: [] } }, deployFacts).outcome).toBe('deny');
  expect(judged(rules, { target: { ...deployFacts.target, tier: 'staging' } }, deployFacts).outcome).toBe(
    'deny',
  );
  expect(judged(rules, { target: { ...deployFacts.target, team: 'sre' } }, deployFacts).outcome).toBe('deny');
  expect(judged(rules).outcome).toBe('deny');
});

test('a rule speaks when its condition holds, unless the other one does', () => {
  const rules =
    '- { id: a, on: environment.create, when: input.cpu <= 4, unless: requester.onCall, allow: x }';
  expect(judged(rules).outcome).toBe('allow');
  expect(judged(rules, { input: { cpu: 5 } }).outcome).toBe('deny');
  expect(judged(rules, { requester: { ...facts.requester, onCall: true } }).outcome).toBe('deny');
});

test('a field that was left empty reads as nothing', () => {
  const rules = '- { id: a, on: environment.create, when: input.team == "", allow: x }';
  expect(judged(rules, { input: { team: undefined } }).outcome).toBe('allow');
  expect(judged(rules, { input: { team: 'sre' } }).outcome).toBe('deny');
});

test('owners and team are those of the target', () => {
  const rules = '- { id: a, require: { from: [owners, team, sre], because: x } }';
  expect(judged(rules, {}, deployFacts).requirements[0]?.from).toEqual(['payments', 'sre']);
});

test.each([
  [
    'owners that the catalog does not know',
    'owners',
    { service: { name: 'x', owners: ['ghosts'] } },
    'nobody in ghosts may give it',
  ],
  ['a service without owners', 'owners', {}, 'no such group is known here'],
  [
    'owners that could not be found out',
    'owners',
    { ...deployFacts, unknown: ['service.owners'] },
    'no such group is known here',
  ],
  [
    'a target that no team owns',
    'team',
    { target: { ...facts.target, team: '' } },
    'no such group is known here',
  ],
  ['a team that could not be found out', 'team', { unknown: ['target'] }, 'no such group is known here'],
  ['a group of which only the requester is a member', 'checkout', {}, 'nobody in checkout may give it'],
])('what %s would have to approve is refused', (_what, from, given, why) => {
  const verdict = judged(`- { id: a, require: { from: ${from}, because: x } }`, given);
  expect(verdict).toMatchObject({
    outcome: 'deny',
    reasons: [{ code: 'nobody_can_approve', rule: 'a' }],
    requirements: [],
  });
  expect(verdict.reasons[0]?.text).toContain(why);
});

test('authors who may not approve are not counted on', () => {
  const rules = '- { id: a, require: { count: 2, from: [owners, platform-leads], not: author, because: x } }';
  const verdict = judged(rules, {}, deployFacts);
  expect(verdict.reasons[0]?.text).toContain('only 1 person in payments and platform-leads may give it');
  expect(judged(rules, { change: { ...deployFacts.change, authors: [] } }, deployFacts).outcome).toBe(
    'require_approval',
  );
});

test('rules in mode warn and shadow are told and decide nothing', () => {
  const verdict = judged(
    '- { id: a, allow: x }\n- { id: b, mode: warn, deny: y }\n- { id: c, mode: shadow, deny: z }',
  );
  expect(verdict).toMatchObject({
    outcome: 'allow',
    warnings: [{ code: 'rule_denies', rule: 'b', text: 'y' }],
    shadows: [{ code: 'rule_denies', rule: 'c', text: 'z' }],
  });
});

test.each([
  ['an allow is silent', 'allow: x', 'deny', 'nothing_matched'],
  ['a deny denies', 'deny: x', 'deny', 'fact_unknown'],
  ['a requirement counts', 'require: { from: sre, because: x }', 'require_approval', 'fact_unknown'],
])('of a fact that could not be had %s', (_what, outcome, expected, code) => {
  const rules = `- { id: a, on: deploy, when: change.checks == "red", ${outcome} }`;
  const verdict = judged(rules, { unknown: ['change'] }, deployFacts);
  expect(verdict).toMatchObject({ outcome: expected, reasons: [{ code }] });
  if (code === 'fact_unknown')
    expect(verdict.reasons[0]?.text).toBe('change.checks could not be found out: x');
});

test('a hold counts while nobody knows which windows are in force', () => {
  const rules = '- { id: a, hold: { window: freeze, because: x } }';
  expect(judged(rules, { unknown: ['windows'] })).toMatchObject({
    outcome: 'hold',
    hold: { window: 'freeze' },
  });
});

test.each(['tier: staging', 'service: search', 'team: sre', 'unless: target.tier == "production"'])(
  'a rule about an unknown target may be about this one: %s',
  (header) => {
    const rules = `- { id: a, on: deploy, ${header}, deny: x }`;
    expect(judged(rules, { unknown: ['target', 'service.name'] }, deployFacts).reasons[0]?.code).toBe(
      'fact_unknown',
    );
  },
);

test('a rule about known facts is not touched by unknown ones', () => {
  expect(
    judged('- { id: a, when: requester.onCall == false, allow: x }', { unknown: ['change'] }).outcome,
  ).toBe('allow');
});

test('a rule that fails while it runs denies, and is named', () => {
  const rules =
    '- { id: a, allow: x }\n- { id: b, on: environment.create, when: "size(requester.groups) * 9007199254740991 * 9007199254740991 > 0", deny: y }';
  const verdict = judged(rules);
  expect(verdict).toMatchObject({ outcome: 'deny', reasons: [{ code: 'rule_failed', rule: 'b' }] });
  expect(verdict.reasons[0]?.text).toContain('the rule "b" could not be computed');
});

/** Facts all over what the shipped policy looks at. */
const anyFacts: fc.Arbitrary<Facts> = fc
  .record({
    base: fc.constantFrom<Facts>(
      facts,
      deployFacts,
      { ...facts, action: 'environment.destroy', effect: 'destroy', input: { name: 'x' } },
      { ...deployFacts, action: 'service.status', effect: 'read', input: { service: 'payments' } },
    ),
    kind: fc.constantFrom<Facts['requester']['kind']>('member', 'guest', 'outside', 'system'),
    groups: fc.subarray(['checkout', 'payments', 'sre', 'platform-leads']),
    tier: fc.constantFrom<Facts['target']['tier']>('dev', 'staging', 'production'),
    team: fc.constantFrom('checkout', 'payments', ''),
    service: fc.constantFrom('payments', 'checkout', 'search'),
    cpu: fc.constantFrom(1, 4, 5, 17),
    alive: fc.nat(4),
    checks: fc.constantFrom<Facts['change']['checks']>('green', 'red', 'pending', 'none'),
    windows: fc.subarray(['weekend-freeze']),
    unknown: fc.subarray(['change', 'requester.groups', 'cost', 'service.owners', 'target.team', 'usage']),
  })
  .map(({ base, kind, groups, tier, team, service, cpu, alive, checks, windows, unknown }) => ({
    ...base,
    requester: { ...base.requester, kind, groups },
    input: base.action === 'environment.create' ? { ...base.input, cpu } : base.input,
    target: { ...base.target, tier, team },
    service:
      base.effect === 'change'
        ? { name: service, owners: [service === 'search' ? 'sre' : service] }
        : base.service,
    change: { ...base.change, checks },
    usage: { ...base.usage, environmentsAlive: alive },
    windows,
    unknown,
  }));

const strictness = (outcome: (typeof outcomes)[number]) => outcomes.indexOf(outcome);

test('the order of the rules does not matter', () => {
  fc.assert(
    fc.property(
      anyFacts,
      fc.shuffledSubarray([...shippedPolicy.rules], { minLength: shippedPolicy.rules.length }),
      (given, rules) => {
        const rulesOf = new Map(
          [...shippedPolicy.rulesOf.keys()].map((action) => [
            action,
            rules.filter((rule) => rule.actions.includes(action)),
          ]),
        );
        expect(evaluate({ ...shippedPolicy, rules, rulesOf }, given)).toEqual(evaluate(shippedPolicy, given));
      },
    ),
    { numRuns: 200, seed: 2 },
  );
});

test.each([
  '- { id: zz, deny: no }',
  '- { id: zz, require: { from: sre, because: more eyes } }',
  '- { id: zz, hold: { window: weekend-freeze, because: rest } }',
])('adding a rule never loosens a verdict: %s', (rule) => {
  const [added] = policyOf(
    rule,
    'windows: { weekend-freeze: { weekly: { from: fri 16:00, to: mon 06:00 } } }\n',
  ).rules;
  if (!added) throw new Error('no rule');
  const rulesOf = new Map([...shippedPolicy.rulesOf].map(([action, rules]) => [action, [...rules, added]]));
  fc.assert(
    fc.property(anyFacts, (given) => {
      const before = evaluate(shippedPolicy, given);
      const after = evaluate({ ...shippedPolicy, rulesOf }, given);
      // An unanswered `deny` for want of any rule may become a requirement: people then decide what nobody had allowed.
      if (before.reasons.some(({ code }) => code === 'nothing_matched')) return;
      expect(strictness(after.outcome)).toBeGreaterThanOrEqual(strictness(before.outcome));
      if (after.outcome !== 'deny')
        expect(after.requirements).toEqual(expect.arrayContaining(before.requirements));
    }),
    { numRuns: 200, seed: 4 },
  );
});

test('what is unknown never makes a verdict looser', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      const known = evaluate(shippedPolicy, { ...given, unknown: [] });
      const doubted = evaluate(shippedPolicy, given);
      if (known.reasons.some(({ code }) => code === 'nothing_matched'))
        expect(doubted.outcome).not.toBe('allow');
      else expect(strictness(doubted.outcome)).toBeGreaterThanOrEqual(strictness(known.outcome));
    }),
    { numRuns: 300, seed: 6 },
  );
});

test('another CEL comes to the same answers', () => {
  const environment = celEnv();
  const conditions = shippedPolicy.rules.flatMap(({ actions, chosen, when, unless }) =>
    [when, unless].flatMap((one) =>
      one ? [{ actions, chosen, one, other: plan(environment, parse(one.text)) }] : [],
    ),
  );
  expect(conditions.length).toBeGreaterThan(10);
  fc.assert(
    fc.property(anyFacts, (given) => {
      for (const { actions, chosen, one, other } of conditions) {
        if (!actions.includes(given.action) || !isChosen(chosen, given.input)) continue;
        const read = withBlankValues(chosen, valuesFor(shippedPolicy, given));
        expect(other({ ...read } as never), one.text).toBe(one.test({ ...read }));
      }
    }),
    { numRuns: 100, seed: 8 },
  );
});

test('whoever is let in later can answer as well, so that is no requirement that nobody meets', () => {
  const wants = (rest: string) =>
    policyOf(`- { id: a, on: deploy, require: { from: sre, ${rest}, because: x } }`);
  const policy = wants('count: 3, delegates: false, escalate: { to: platform-leads, after: 2h }');
  expect(evaluate(policy, deployFacts)).toMatchObject({
    outcome: 'require_approval',
    requirements: [{ count: 3, from: ['sre'], delegates: false }],
  });
});

test('a comment that is wanted and whom it escalates to are in the requirement, owners by their groups', () => {
  const policy = policyOf(
    '- { id: a, on: deploy, require: { from: sre, comment: required, escalate: { to: [owners, platform-leads], after: 2h }, because: x } }',
  );
  expect(evaluate(policy, deployFacts).requirements).toEqual([
    expect.objectContaining({
      needsComment: true,
      escalates: { to: ['payments', 'platform-leads'], afterMs: 7_200_000 },
    }),
  ]);
  const toNobody = policyOf(
    '- { id: a, on: deploy, require: { from: sre, escalate: { to: team, after: 2h }, because: x } }',
  );
  const nobodys = { ...deployFacts, target: { ...deployFacts.target, team: '' } };
  expect(evaluate(toNobody, nobodys).requirements[0]).not.toHaveProperty('escalates');
});
