import { expect, test } from 'vitest';
import { bypassOffers } from '../../src/approvals/bypass-offers.ts';
import { evaluate } from '../../src/approvals/evaluate.ts';
import type { Facts } from '../../src/core/facts.ts';
import { deployFacts, policyOf } from './shipped.ts';

const more = `windows: { freeze: { weekly: { from: fri 16:00, to: mon 06:00 } } }
break_glass:
  - { who: sre, on: deploy, tier: production, bypasses: [approvals, windows], review: [sre] }
`;
const rules = `
  - { id: two, on: deploy, when: input.version != "v0", require: { count: 2, from: [sre, payments], because: two people } }
  - { id: rest, on: deploy, hold: { window: freeze, because: rest, override: { from: platform-leads } } }
  - { id: never, on: deploy, when: input.version == "v9", deny: never }
  - { id: easy, on: deploy, when: input.version == "v0", allow: easy }
`;
const policy = policyOf(rules, more);
const offersTo = (more: Partial<Facts>) => {
  const facts = { ...deployFacts, debts: [], ...more };
  return bypassOffers(facts, (other) => evaluate(policy, other));
};
const sre = { requester: { ...deployFacts.requester, groups: ['sre'] } };

test('who may break glass is offered it where something is in the way, and nobody else is', () => {
  expect(offersTo(sre)).toEqual({ kinds: ['break_glass'], owed: [] });
  expect(offersTo({})).toEqual({ kinds: [], owed: [] });
});

test('nothing is offered for what runs at once, nor past a rule that refuses', () => {
  expect(offersTo({ ...sre, input: { ...deployFacts.input, version: 'v0' } }).kinds).toEqual([]);
  expect(offersTo({ ...sre, input: { ...deployFacts.input, version: 'v9' } }).kinds).toEqual([]);
});

test('everybody may ask in spite of a window that its people can open', () => {
  expect(offersTo({ windows: ['freeze'] }).kinds).toEqual(['override']);
  expect(offersTo({ ...sre, windows: ['freeze'] }).kinds).toEqual(['override', 'break_glass']);
});

test('who has an emergency open is offered none, and told which one it is', () => {
  expect(offersTo({ ...sre, debts: ['REQ-7'] })).toEqual({ kinds: [], owed: ['REQ-7'] });
  expect(offersTo({ debts: ['REQ-7'] }).owed).toEqual([]);
  expect(bypassOffers({ ...deployFacts, ...sre }, (other) => evaluate(policy, other))).toEqual({
    kinds: [],
    owed: [],
  });
});

test('what was chosen already does not change what is offered', () => {
  const bypass = { kind: 'break_glass', reason: 'customers cannot pay' } as const;
  expect(offersTo({ ...sre, bypass }).kinds).toEqual(['break_glass']);
});
