import { expect, test } from 'vitest';
import { evaluate } from '../../src/approvals/evaluate.ts';
import type { Facts } from '../../src/core/facts.ts';
import { deployFacts, mistakesOf, noon, policyOf, readRules } from './shipped.ts';

const windows = `windows:
  office: { title: office hours, cron: "0 9 * * mon-fri", for: 8h }
  freeze: { weekly: { from: fri 16:00, to: mon 06:00 } }
`;
const rules = `
  - { id: open, allow: x }
  - id: rest
    on: deploy
    hold: { window: freeze, because: production rests, override: { count: 2, from: [sre, platform-leads] } }
  - { id: by-day, on: deploy.rollback, hold: { outside: office, because: by day only } }
`;
const judged = (given: Partial<Facts>, more = rules) =>
  evaluate(policyOf(more, windows), { ...deployFacts, ...given });
const override = { kind: 'override', reason: 'customers cannot pay' } as const;

test('a window that allows holds whatever comes outside of it until it begins', () => {
  const night = { action: 'deploy.rollback', time: { ...deployFacts.time, at: noon + 12 * 3_600_000 } };
  expect(judged(night)).toMatchObject({
    outcome: 'hold',
    hold: { window: 'office', until: Date.parse('2026-11-26T08:00Z') },
  });
  expect(judged({ action: 'deploy.rollback', windows: ['office'] }).outcome).toBe('allow');
});

test('an override is a quorum of its own, and only for who asks for it with a reason', () => {
  expect(judged({ windows: ['freeze'] }).outcome).toBe('hold');
  expect(judged({ windows: ['freeze'], bypass: override })).toMatchObject({
    outcome: 'require_approval',
    reasons: [{ code: 'overridden', rule: 'rest', text: 'production rests' }],
    requirements: [{ count: 2, from: ['sre', 'platform-leads'] }],
  });
});

test('an override lets nothing through that offers none, and no denial', () => {
  expect(judged({ action: 'deploy.rollback', bypass: override }).outcome).toBe('hold');
  const refused = `${rules}  - { id: no, on: deploy, deny: no }\n`;
  expect(judged({ windows: ['freeze'], bypass: override }, refused).outcome).toBe('deny');
});

test('nobody knows whether the window is in force: it counts as if it were, override or not', () => {
  expect(judged({ unknown: ['windows'] }).outcome).toBe('hold');
  expect(judged({ unknown: ['windows'], bypass: override })).toMatchObject({
    outcome: 'require_approval',
    reasons: [{ code: 'fact_unknown' }],
  });
});

test.each([
  ['{ because: x }', 'say either "window", while which it waits, or "outside", until which it waits.'],
  ['{ window: freeze, outside: office, because: x }', 'say either "window"'],
  ['{ outside: offices, because: x }', 'there is no window "offices". Did you mean "office"?'],
  ['{ window: freeze, because: x, override: { from: sr } }', 'there is no group "sr". Did you mean "sre"?'],
  ['{ window: freeze, because: x, override: { count: 3, from: sre } }', 'nobody could ever meet this'],
])('a hold that says %s is a mistake', (hold, message) => {
  expect(mistakesOf(readRules(`- { id: a, on: deploy, hold: ${hold} }`, windows)).join()).toContain(message);
});
