/** Proofs look at few cases, and miss none. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conclude, type Finding, verdictOf } from '../../src/approvals/evaluate.ts';
import type { Expression } from '../../src/approvals/expression.ts';
import {
  type CounterExample,
  counterExample,
  differencesOf,
} from '../../src/approvals/proofs/counter-example.ts';
import { eachDistinct, findingsFor } from '../../src/approvals/proofs/distinct.ts';
import { type Domain, domainOf } from '../../src/approvals/proofs/domain.ts';
import { laws } from '../../src/approvals/proofs/possible.ts';
import { factsOfAll, wordsOf } from '../../src/approvals/subjects.ts';
import type { Facts } from '../../src/core/facts.ts';
import { catalog, policyOf, subjects } from './shipped.ts';

const scopes = factsOfAll(subjects, wordsOf(catalog, []));

function domainFor(policy: ReturnType<typeof policyOf>, when: Expression | undefined): Domain {
  const scope = scopes.get('deploy');
  if (!scope) throw new Error('deploy is an action');
  return domainOf({
    ...{ policy, catalog, scope, action: 'deploy', effect: 'change', conditions: [] },
    rules: policy.rules,
    about: { when, unless: undefined, isOfTarget: ({ target }) => target.tier === 'production' },
  });
}

/** Every case there is, one by one. The facts are the same object each time. */
function eachCase(domain: Domain, look: (facts: Facts, picked: readonly number[]) => void): void {
  const lawful = laws.filter(({ paths }) =>
    paths.every((path) => domain.dimensions.some(({ name }) => name === path)),
  );
  domain.eachRequest((facts, outer) => {
    const picked = [...outer];
    const go = (index: number): void => {
      const dimension = domain.dimensions[index];
      for (const place of dimension?.choices.keys() ?? []) {
        domain.put(facts, index, place);
        picked[index] = place;
        go(index + 1);
      }
      if (!dimension && lawful.every((law) => law.holds(facts))) look(facts, picked);
    };
    go(domain.outer);
    return true;
  });
}

const outcomeOf = (policy: ReturnType<typeof policyOf>, findings: readonly Finding[]) => {
  const { outcome, requirements } = conclude(policy, findings);
  return `${outcome} ${requirements.map(({ id }) => id).sort()}`;
};

test('the cases that are looked at come to all that every case together comes to', () => {
  const condition = fc.constantFrom(
    'change.checks == "red"',
    'change.requiredChecks == "red" && change.checks != "pending"',
    'change.commits > 3',
    'change.migrations && change.commits < 9',
    'usage.requestsLastHour > 2',
    'usage.requestsLastDay > 2',
    'time.hour < 8',
    '"sre" in requester.groups',
  );
  const outcome = fc.constantFrom('allow: x', 'deny: x', 'require: { from: sre, because: x }');
  const rules = fc.array(fc.tuple(condition, outcome), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(rules, fc.option(condition), (list, about) => {
      const text = list.map(([when, say], at) => `  - { id: r${at}, on: deploy, when: '${when}', ${say} }`);
      const policy = policyOf(text.join('\n'));
      const when = about
        ? policyOf(`- { id: a, on: deploy, when: '${about}', allow: x }`).rules[0]?.when
        : undefined;
      const domain = domainFor(policy, when);
      const all = new Set<string>();
      eachCase(domain, (facts) =>
        all.add(outcomeOf(policy, findingsFor({ policy, rules: policy.rules }, facts))),
      );
      const seen = new Set<string>();
      const cases = { policy, domain, rules: policy.rules, kept: [], max: 1e6 };
      expect(
        eachDistinct(cases, (_facts, _picked, findings) => {
          seen.add(outcomeOf(policy, findings));
          return true;
        }),
      ).toBe(true);
      expect(seen).toEqual(all);
    }),
    { numRuns: 12, seed: 21 },
  );
});

test.each([
  ['whoever may break glass', 'require: { from: sre, because: x }', "bypass.kind != 'override'", []],
  ['whoever may break glass, which no question is about', 'require: { from: sre, because: x }', '', []],
  [
    'a case that differs less, of which the rules say the same',
    `when: '"platform-leads" in requester.groups || (time.hour > 20 && time.weekday == "sunday")', allow: x`,
    "time.hour < 22 || time.weekday != 'monday'",
    [],
  ],
  ['people whom a promise reads', 'allow: x', '', ['requester.groups']],
  ['an hour that a promise reads', 'allow: x', 'time.hour > 7', ['time.hour']],
  ['a target that a promise reads', 'allow: x', '', ['target.team']],
])('what was looked at before does not hide %s', (_what, rule, about, kept) => {
  const glass = rule.includes('require')
    ? 'break_glass: [{ who: platform-leads, on: deploy, bypasses: [approvals], review: [sre] }]\n'
    : '';
  const policy = policyOf(`- { id: a, on: deploy, ${rule} }`, glass);
  const [asked] = about === '' ? [] : policyOf(`- { id: a, on: deploy, when: "${about}", allow: x }`).rules;
  const domain = domainFor(policy, asked?.when);
  const reads = (path: string) => kept.some((one) => one === path);
  const breaks = (facts: Facts, findings: readonly Finding[]) =>
    verdictOf(policy, facts, findings).outcome === 'allow' &&
    (!reads('requester.groups') || facts.requester.groups.includes('platform-leads')) &&
    (!reads('time.hour') || facts.time.hour > 7) &&
    (!reads('target.team') || facts.target.team === 'payments');
  let least = Infinity;
  let smallest: string[] = [];
  eachCase(domain, (facts, picked) => {
    const differences = differencesOf(picked);
    if (differences > least || !breaks(facts, findingsFor({ policy, rules: policy.rules }, facts))) return;
    smallest = [...(differences < least ? [] : smallest), JSON.stringify(facts)];
    least = differences;
  });
  const hole = counterExample({ policy, domain, rules: policy.rules, kept, max: 1e6 }, breaks);
  expect(smallest).toContain(JSON.stringify((hole as CounterExample).facts));
});

test('what the facts themselves forbid is no counter-example', () => {
  const found = (when: string) => {
    const policy = policyOf(`- { id: a, on: deploy, when: '${when}', allow: x }`);
    const cases = { policy, domain: domainFor(policy, undefined), rules: policy.rules, kept: [], max: 1e6 };
    const hole = counterExample(cases, (_facts, findings) => findings.length > 0);
    return hole === 'too_many' || hole !== undefined;
  };
  expect(found('change.checks == "red" && change.requiredChecks == "green"')).toBe(true);
  expect(found('change.checks == "pending" && change.requiredChecks == "missing"')).toBe(true);
  expect(found('change.checks == "none" && change.requiredChecks == "red"')).toBe(false);
  expect(found('change.checks == "pending" && change.requiredChecks == "red"')).toBe(false);
  expect(found('change.checks == "green" && change.requiredChecks == "pending"')).toBe(false);
  expect(found('change.checks == "none" && change.requiredChecks == "green"')).toBe(false);
  expect(found('usage.requestsLastHour > 5 && usage.requestsLastDay < 5')).toBe(false);
  expect(found('lock.heldBy == "" && lock.isOwn')).toBe(false);
  expect(found('lock.heldBy == "" && lock.isGlobal')).toBe(false);
  expect(found('lock.heldBy != "" && lock.isGlobal')).toBe(true);
  expect(found('environment.timesExtended == 0 && environment.extendedHours > 0')).toBe(false);
  expect(found('usage.requestsLastHour > 2 && usage.requestsLastDay < 10')).toBe(true);
  expect(found('environment.timesExtended >= 2 && environment.extendedHours < 24')).toBe(true);
  expect(found('environment.timesExtended > 0 && environment.extendedHours > 0')).toBe(true);
});

test('a case of which many rules speak costs more than one look', () => {
  const isDone = (count: number) => {
    const same = Array.from({ length: count }, (_all, at) => `- { id: r${at}, on: deploy, deny: x }`);
    const policy = policyOf(same.join('\n'));
    const domain = domainFor(policy, undefined);
    const cases = { policy, domain, rules: policy.rules, kept: [], max: domain.countCases() };
    return eachDistinct(cases, () => true);
  };
  expect(isDone(1)).toBe(true);
  expect(isDone(40)).toBe(false);
});
