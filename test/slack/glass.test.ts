import type { KnownBlock } from '@slack/types';
import { describe, expect, test } from 'vitest';
import type { PlatformRequest } from '../../src/core/request.ts';
import { cardOf } from '../../src/slack/cards.ts';
import { bypassBlocks as formBlocks, readBypass, sendLabel } from '../../src/slack/forms/bypass.ts';
import { bypassBlocks, glassNotice } from '../../src/slack/glass-notices.ts';
import { maxOf } from '../../src/slack/limits.ts';
import { outcomeMessage } from '../../src/slack/outcome.ts';
import { withoutSecrets } from '../../src/slack/without-secrets.ts';
import { allowed } from '../handlers/desk.ts';
import { cards } from '../handlers/world.ts';
import { expectGoodMessage } from './manners.ts';
import { sample } from './samples.ts';

const hostile = '<!channel> <@U0LEE> *bold* <https://evil.example|safe> \u202egnp';
const reason = `customers cannot pay ${hostile}`;
const verdict = {
  ...allowed,
  reasons: [
    { code: 'glass_broken', rule: 'two-people', text: 'production changes need two people' },
    { code: 'glass_broken', rule: 'freeze', text: 'the weekend freeze' },
  ],
  glass: { rules: ['two-people', 'freeze'], review: ['sre', 'platform-leads'] },
} as const;

function emergency(more: Partial<PlatformRequest> = {}): PlatformRequest {
  const { startedAt: _startedAt, ...running } = sample('running');
  return {
    ...running,
    ...{ status: 'approved', approvedBecause: 'policy', reviews: [], requirements: [] },
    bypass: { kind: 'break_glass', reason },
    glass: {
      brokenAt: running.createdAt,
      rules: ['two-people', 'freeze'],
      review: ['sre', 'platform-leads'],
    },
    verdict: {
      ...verdict,
      reasons: [...verdict.reasons],
      glass: { rules: [...verdict.glass.rules], review: [...verdict.glass.review] },
    },
    ...more,
  };
}
const shown = (blocks: readonly KnownBlock[]) => JSON.stringify(blocks);
const looked = {
  by: { ...sample('running').requester, name: 'Olga Petrova' },
  at: 1,
  note: `it was right ${hostile}`,
};
const reviewed = emergency({
  glass: { brokenAt: 1, rules: ['two-people'], review: ['sre'], reviewed: looked },
});

describe('the alarm of an emergency', () => {
  test('says who, what, past what, why, and who has to look at it; with the button to say so', () => {
    const message = glassNotice('glass_broken', emergency(), cards);
    expectGoodMessage(message);
    expect(message.text).toContain(
      'past "two-people" (production changes need two people) and "freeze" (the weekend freeze). Reason: customers cannot pay',
    );
    expect(message.text).toContain('Somebody else of SRE or Platform leads has to look at it');
    expect(message.text).toContain('its requester cannot break glass again');
    expect(shown(message.blocks)).toContain('"I have looked at it"');
  });

  test('that is drawn after somebody has looked has no button, and says who it was', () => {
    const message = glassNotice('glass_broken', reviewed, cards);
    expect(message.text).toContain('Olga Petrova has looked at it.');
    expect(shown(message.blocks)).not.toContain('I have looked at it');
  });

  test('is short enough for Slack when a secret in it is taken out, though that makes it longer', () => {
    const requester = { ...sample('running').requester, name: `M${'&'.repeat(79)}` };
    const bypass = { kind: 'break_glass', reason: `a://b:c@ ${'&'.repeat(490)}` } as const;
    const message = glassNotice('glass_broken', emergency({ requester, bypass }), cards);
    expect(message.text.length).toBeGreaterThan(maxOf('textObject'));
    expectGoodMessage(withoutSecrets(message));
  });

  test('has text for the reason, whatever it holds', () => {
    for (const { text, blocks } of [
      glassNotice('glass_broken', emergency(), cards),
      glassNotice('glass_reviewed', reviewed, cards),
      cardOf(emergency(), cards),
      outcomeMessage(emergency(), cards, 'C0REQUESTS'),
    ]) {
      const all = `${text}${shown(blocks)}`;
      expect(all).not.toMatch(/<!channel>|<@U0LEE>|<https:\/\/evil/u);
      expect(all).not.toContain('\u202e');
    }
  });
});

test('the look is told to the requester, with its note', () => {
  const message = glassNotice('glass_reviewed', reviewed, cards);
  expectGoodMessage(message);
  expect(message.text).toMatch(
    /^<@U0DANA>: Olga Petrova has looked at your emergency REQ-\d+: it was right/u,
  );
  const { note: _note, ...silent } = looked;
  const glass = { brokenAt: 1, rules: ['x'], review: ['sre'], reviewed: silent };
  expect(glassNotice('glass_reviewed', emergency({ glass }), cards).text).toMatch(/REQ-\d+\.$/u);
});

describe('a card', () => {
  test('names the broken glass, what it went past and why, where it would say that nobody had to be asked', () => {
    const text = shown(cardOf(emergency(), cards).blocks);
    expect(text).not.toContain('nobody had to be asked');
    expect(text).toContain('Approved by nobody: glass was broken');
    expect(text).toContain('(production changes need two people)');
    expect(text).toContain('*Glass broken*: customers cannot pay');
  });

  test('says of an override that it is one, and of an emergency that was let through anyway that it was asked for as one', () => {
    const { glass: _glass, ...plain } = emergency();
    expect(shown(bypassBlocks({ ...plain, bypass: { kind: 'override', reason } }, cards))).toContain(
      'In spite of the window',
    );
    expect(shown(bypassBlocks(plain, cards))).toContain('Asked for as an emergency');
    const { bypass: _bypass, ...ordinary } = plain;
    expect(bypassBlocks(ordinary, cards)).toEqual([]);
  });
});

test('the private answer names the broken glass, the reason, and the debt', () => {
  const message = outcomeMessage(emergency(), cards, 'C0REQUESTS');
  expectGoodMessage(message);
  const text = shown(message.blocks);
  expect(text).toContain(
    'Runs at once as an emergency, past \\"two-people\\" (production changes need two people)',
  );
  expect(text).toContain('Your reason: customers cannot pay');
  expect(text).toContain('until then you cannot break glass again');
});

test('an emergency that waits for a lock is not told to run at once', () => {
  const behind = {
    kind: 'run',
    holder: 'Max Brandt',
    reason: '',
    requestId: 'REQ-3',
    keys: ['payments/production'],
  } as const;
  const message = outcomeMessage(emergency(), cards, 'C0REQUESTS', [behind, behind, behind] as never);
  const text = shown(message.blocks);
  expect(text).toContain('Glass is broken, past');
  expect(text).toContain('It waits for a lock: REQ-3 by Max Brandt is changing payments');
  expect(text).not.toContain('at once');
});

describe('a form', () => {
  const model = {
    offers: { kinds: [], owed: [] },
    chosen: undefined,
    verdict: undefined,
    alerts: 'C0INCIDENTS',
    groupTitle: (name: string) => name,
  };
  const state = (choice: string, typed?: string) => ({
    values: {
      bypass: { 'form.bypass': { selected_option: { value: choice } } },
      ...(typed === undefined ? {} : { 'bypass-reason': { reason: { value: typed } } }),
    },
  });

  test('shows nothing to who may not', () => {
    expect(formBlocks(model)).toEqual([]);
  });

  test('reads what was chosen, keeps what a page does not show, and takes no choice of its own making', () => {
    const before = { kind: 'override', reason: 'as it was typed' } as const;
    expect(readBypass({ values: {} }, before)).toEqual(before);
    expect(readBypass(state('none'), before)).toBeUndefined();
    expect(readBypass(state('break_glass'), before)).toEqual({ kind: 'break_glass', reason: '' });
    expect(readBypass(state('override'), before)).toEqual(before);
    expect(readBypass(state('override', 'another reason'), before)).toEqual({
      kind: 'override',
      reason: 'another reason',
    });
    expect(readBypass(state('root'), before)).toBe('unreadable');
    expect(readBypass({ values: { bypass: { 'form.bypass': {} } } }, before)).toBeUndefined();
  });

  test('says on its button that it breaks glass, only where it would', () => {
    const chosen = { kind: 'break_glass', reason } as const;
    expect(sendLabel(chosen, emergency().verdict)).toBe('Break glass');
    expect(sendLabel(chosen, allowed)).toBe('Request');
    expect(sendLabel(undefined, allowed)).toBe('Request');
  });
});
