/** Not going by the verdict, as people meet it in a form: offered, explained, reasoned, sent. */
import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../src/core/verdict.ts';
import { allowed, type DeskScript, needs } from './desk.ts';
import { world } from './world.ts';

const twoPeople = needs(2, ['sre'], 'production changes need two people');
const broken: Verdict = {
  ...allowed,
  reasons: [{ code: 'glass_broken', rule: 'large', text: 'production changes need two people' }],
  glass: { rules: ['large'], review: ['platform-leads'] },
};
const emergency: DeskScript = {
  verdict: (_input, bypass) => (bypass?.kind === 'break_glass' ? broken : twoPeople),
  bypasses: ({ requester }) => ({ kinds: requester.id === 'U0SAM' ? ['break_glass'] : [], owed: [] }),
};
const offer = 'Break glass (emergency)';

async function open(who: string, script: DeskScript = emergency) {
  const stage = await world(script);
  const person = stage.sandbox.as(who);
  await person.command('#platform-requests', '/deploy payments v1.4.2');
  await person.fill('Environment', 'production of payments');
  await person.waitFor({ kind: 'modal', contains: 'production changes need two people' });
  return { ...stage, person };
}
const shown = (view: unknown) => JSON.stringify(view);

describe('breaking glass in a form', () => {
  test('is offered to who may, says what then happens, wants a reason, and is sent as an emergency', async () => {
    const { person, desk } = await open('U0SAM');
    await person.fill('If it cannot wait', offer);
    await person.waitFor({ kind: 'modal', contains: 'Runs at once as an emergency' });
    const form = shown(await person.seesModal());
    expect(form).toContain('past \\"large\\" (production changes need two people)');
    expect(form).toContain('<#C0INCIDENTS>');
    expect(form).toContain('Somebody else of Platform leads has to look at it; until then you cannot');
    expect(form).toContain('"Break glass"');
    await person.fill('Why it cannot wait', 'customers cannot pay at all');
    await person.submit();
    await person.sees('Runs at once as an emergency', { ephemeral: true });
    expect(desk.asked.at(-1)).toMatchObject({
      bypass: { kind: 'break_glass', reason: 'customers cannot pay at all' },
    });
  });

  test('is not there for who may not', async () => {
    const { person } = await open('U0DANA');
    expect(shown(await person.seesModal())).not.toContain(offer);
  });

  test('is taken back by going by the guardrails again', async () => {
    const { person, desk } = await open('U0SAM');
    await person.fill('If it cannot wait', offer);
    await person.waitFor({ kind: 'element', label: 'Why it cannot wait' });
    await person.fill('If it cannot wait', 'Go by what the guardrails say');
    await person.waitFor({ kind: 'modal', contains: 'Needs 2 approvals' });
    await person.submit();
    await person.sees('Needs 2 approvals', { ephemeral: true });
    expect(desk.asked.at(-1)).not.toHaveProperty('bypass');
  });

  test('is no longer offered while an emergency is open, and the form says which', async () => {
    const owing: DeskScript = { ...emergency, bypasses: () => ({ kinds: [], owed: ['REQ-7'] }) };
    const { person } = await open('U0SAM', owing);
    const form = shown(await person.seesModal());
    expect(form).toContain('nobody has looked at REQ-7 yet, your last emergency');
    expect(form).not.toContain(offer);
  });

  test('that was typed as a flag stands in the form, with its reason, and can be taken back there', async () => {
    const stage = await world(emergency);
    const sam = stage.sandbox.as('U0SAM');
    await sam.command('#platform-requests', '/deploy payments v1.4.2 --break-glass "customers cannot pay"');
    await sam.fill('Environment', 'production of payments');
    await sam.waitFor({ kind: 'modal', contains: 'Runs at once as an emergency' });
    expect(shown(await sam.seesModal())).toContain('"initial_value":"customers cannot pay"');
  });
});

test('asking in spite of a window is offered to everybody where its people could open it', async () => {
  const held: Verdict = { ...allowed, outcome: 'hold', hold: { window: 'freeze' } };
  const { person, desk } = await (async () => {
    const stage = await world({
      verdict: (_input, bypass) => (bypass ? needs(1, ['platform-leads'], 'in spite of the freeze') : held),
      bypasses: () => ({ kinds: ['override'], owed: [] }),
    });
    const person = stage.sandbox.as('U0DANA');
    await person.command('#platform-requests', '/deploy payments v1.4.2');
    await person.fill('Environment', 'production of payments');
    return { ...stage, person };
  })();
  await person.waitFor({ kind: 'element', label: 'If it cannot wait' });
  await person.fill('If it cannot wait', 'Ask to go ahead in spite of the window');
  await person.waitFor({ kind: 'modal', contains: 'Needs 1 approval from Platform leads' });
  await person.fill('Why it cannot wait', 'the payroll run starts at noon');
  await person.submit();
  await person.sees('Needs 1 approval from Platform leads', { ephemeral: true });
  expect(desk.asked.at(-1)).toMatchObject({ bypass: { kind: 'override' } });
});

test('who waits for a lock is not told that it runs at once', async () => {
  const { sandbox } = await world({
    obstacles: [
      {
        kind: 'person',
        holder: 'Sam Okoye',
        reason: 'incident 42',
        keys: ['payments/staging'],
        requestId: 'REQ-9',
      } as never,
    ],
  });
  const dana = sandbox.as('U0DANA');
  await dana.command('#platform-requests', '/deploy payments v1.4.2 staging');
  const told = await dana.sees('Nobody has to be asked. It waits for a lock', { ephemeral: true });
  expect(JSON.stringify(told)).toContain('locked by Sam Okoye: incident 42');
  expect(JSON.stringify(told)).not.toContain('at once');
});
