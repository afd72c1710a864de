/** What the guardrails tell of themselves, however many rules there are and however long their names. */
import { describe, expect, test } from 'vitest';
import explain from '../../src/actions/policy.explain.ts';
import mine from '../../src/actions/policy.mine.ts';
import report from '../../src/actions/policy.report.ts';
import type { Action, Answer, ReadContext } from '../../src/core/action.ts';
import type { Guardrails, PolicyReport, RuleLine } from '../../src/core/guardrails.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { answerMessage } from '../../src/slack/answers.ts';
import { expectGoodMessage } from '../slack/manners.ts';

const longNames = Array.from({ length: 300 }, (_, index) => `r${index}-`.padEnd(60, 'x'));
const kinds = ['allow', 'require', 'hold', 'deny'] as const;
const lines: RuleLine[] = longNames.map((id, index) => ({
  id,
  mode: index % 7 === 0 ? 'shadow' : 'enforce',
  kind: kinds[index % 4] ?? 'allow',
  text: 'y'.repeat(200),
  actions: [index % 3 === 0 ? 'deploy' : 'environment.create', 'service.scale'],
  asksReader: index % 11 === 0,
}));
const empty: PolicyReport = {
  ...{ requests: 0, letThrough: 0, ranByThemselves: 0, emergencies: 0, refused: 0, medianMs: undefined },
  ...{ shadows: [], silent: [], quick: [], reads: 0, debts: [] },
};

async function answered(action: Action, input: object, guardrails: Partial<Guardrails>): Promise<Answer> {
  if (action.effect !== 'read') throw new Error('it changes something');
  const answer = await action.answer(
    input as never,
    { guardrails, now: 1_000_000 } as unknown as ReadContext,
  );
  expectGoodMessage(answerMessage(answer, { action: 'x', input: {} }, { kind: 'private' }));
  return answer;
}
const all = ({ sections }: Answer) => sections.flatMap((one) => [one.title, ...one.lines]).join('\n');

describe('the rules that concern somebody', () => {
  test('are few at first sight, with a button for what most of them are about', async () => {
    const answer = await answered(mine, {}, { concerning: () => lines });
    for (const section of answer.sections) expect(section.lines.length).toBeLessThanOrEqual(6);
    expect(answer.next.map(({ label, commandLine }) => [label, commandLine])).toEqual([
      ['About service (300)', '/policy mine service'],
      ['About environment (200)', '/policy mine environment'],
      ['About deploy (100)', '/policy mine deploy'],
      ['What they did lately', '/policy report'],
    ]);
  });

  test('are nearly all there once it is known what about', async () => {
    const answer = await answered(mine, { about: 'deploy' }, { concerning: () => lines });
    expect(answer.title).toContain('about deploy');
    expect(Math.max(...answer.sections.map((section) => section.lines.length))).toBeGreaterThan(15);
    expect(answer.next).toHaveLength(1);
  });
});

describe('the report', () => {
  test('of nothing says so', async () => {
    const answer = await answered(
      report,
      { days: 7 },
      {
        report: async () => ({ ...empty, silent: longNames }),
      },
    );
    expect(answer.sentence).toBe('Nobody has asked for anything.');
    expect(answer.sections).toHaveLength(1);
  });

  test('names as many rules as can be read, and how many more there are', async () => {
    const rules = longNames.map((rule) => ({ rule, requests: 3 }));
    const debts = [{ id: requestIdOf(7), by: 'Sam Okoye', brokenAt: 400_000 }];
    const answer = await answered(
      report,
      { days: 7 },
      {
        report: async () => ({
          ...{ ...empty, requests: 9, letThrough: 4, ranByThemselves: 2, emergencies: 1 },
          ...{ shadows: rules, quick: rules, silent: longNames, debts, medianMs: 60_000 },
        }),
      },
    );
    expect(answer.sentence).toBe('9 requests; of the 4 let through, 50 % needed nobody.');
    expect(all(answer)).toContain('REQ-7 by Sam Okoye, 10m ago');
    expect(all(answer)).toContain('and 285 more');
    const totals = Object.fromEntries(
      answer.sections[0]?.fields.map(({ label, value }) => [label, value]) ?? [],
    );
    expect(totals).toMatchObject({ 'Ran by themselves': '2', 'Approved by people': '1', 'Broke glass': '1' });
  });
});

test('of several ways that would let it run, the second begins with "or"', async () => {
  const found = {
    of: 'REQ-7',
    outcome: 'deny',
    sentence: 'Refused.',
    ways: ['4 CPU instead of 32', 'wait 2h'],
    rules: longNames.map((id) => ({ id, counts: true, why: 'z'.repeat(500) })),
  } as const;
  const answer = await answered(explain, { what: 'REQ-7' }, { explain: async () => found });
  expect(all(answer)).toContain('• 4 CPU instead of 32\n• or wait 2h');
});
