/** Slack's rules of good behaviour, held against everything that we show there. */
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { mention } from '../../src/slack/blocks.ts';
import { cardOf } from '../../src/slack/cards.ts';
import { elementsOf, expectGoodHome, expectGoodMessage, expectGoodModal, textsOf } from './manners.ts';
import { dana, extreme, person, planted, review, sample } from './samples.ts';
import { cards, covered, type Surface, surfaces } from './surfaces.ts';

const all = surfaces();

/** Names those that break a rule, a few of them with what they show. */
function broken(rule: (surface: Surface) => string | undefined): string[] {
  return all.flatMap((surface) => {
    const what = rule(surface);
    return what === undefined ? [] : [`${surface.name}: ${what.slice(0, 300)}`];
  });
}

const textOf = (surface: Surface) => (surface.kind === 'message' ? surface.shown.text : undefined);
const readable = ({ shown }: Surface) => [
  ...textsOf(shown, 'mrkdwn'),
  ...textsOf(shown, 'plain_text'),
  ...textsOf(shown, 'text'),
  ...('text' in shown ? [shown.text] : []),
];

test('every surface keeps the limits of Slack and escapes what others wrote', () => {
  for (const surface of all) {
    const { kind, shown } = surface;
    try {
      if (kind === 'message') expectGoodMessage(shown);
      else if (kind === 'modal') expectGoodModal(shown);
      else expectGoodHome(shown);
    } catch (error) {
      throw new Error(`${surface.name} breaks a limit`, { cause: error });
    }
  }
});

test('every builder of something to look at is held to these rules', async () => {
  const folder = new URL('../../src/slack/', import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'));
  const made = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, folder), 'utf8');
      return [
        ...text.matchAll(
          /^export (?:async )?function (\w+)\([^{]*?\): (?:SlackMessage|ModalView|SlackHome)\b/gms,
        ),
      ].flatMap(([, name]) => name ?? []);
    }),
  );
  const inside = ['glassNotice', 'lockNotice'];
  expect(made.flat().filter((name) => !covered.includes(name) && !inside.includes(name))).toEqual([]);
});

test('the text that screen readers and notifications get is a full sentence, without markup', () => {
  expect(
    broken((surface) => {
      const text = textOf(surface);
      if (text === undefined) return undefined;
      const isWhole = /^[<[\p{Lu}\d`/"“]/u.test(text) && /[.!?…)`:]$/u.test(text.trim());
      return isWhole && !/(?:^|\s)\*[^*\s][^*]*\*(?=$|[\s.,:])/u.test(text.replaceAll('*&amp;*', ''))
        ? undefined
        : text;
    }),
  ).toEqual([]);
});

test('one primary button at most, and a question before what cannot be had back', () => {
  expect(
    broken(({ shown }) => {
      const primary = elementsOf(shown, 'button').filter(({ style }) => style === 'primary');
      return primary.length > 1 ? JSON.stringify(primary) : undefined;
    }),
  ).toEqual([]);
  // A form that asks for the reason, or that shows what is asked for, is such a question as well.
  const opensForm = /^(?:card\.deny|answer\.run\.\d+)$/;
  expect(
    broken(({ shown }) => {
      const rash = elementsOf(shown, 'button').filter(
        ({ style, confirm, action_id }) =>
          style === 'danger' && !confirm && !opensForm.test(String(action_id)),
      );
      return rash.length > 0 ? JSON.stringify(rash) : undefined;
    }),
  ).toEqual([]);
});

test('a yes for production is asked twice, on the card and on Home', () => {
  const approves = all.flatMap(({ name, shown }) =>
    elementsOf(shown, 'button')
      .filter(({ action_id }) => action_id === 'card.approve')
      .map(({ confirm }) => ({ name, isAsked: confirm !== undefined })),
  );
  expect(approves.length).toBeGreaterThan(10);
  expect(approves.filter(({ isAsked }) => !isAsked)).toEqual([]);
});

test('no colour and no picture is the only sign: there are words beside each', () => {
  const pictures = /\p{Extended_Pictographic}|:[a-z_]+:/gu;
  expect(
    broken((surface) => {
      // Our own: a text of somebody's may be what it likes.
      const bare = readable(surface).find(
        (text) => text.match(pictures) && !/\p{L}{2}/u.test(text.replaceAll(pictures, '')),
      );
      const labels = elementsOf(surface.shown, 'button').map(({ text }) =>
        String((text as { text: string }).text),
      );
      return bare ?? labels.find((label) => !/\p{L}{2}/u.test(label));
    }),
  ).toEqual([]);
  expect(broken(({ shown }) => ('attachments' in shown ? 'a colour bar' : undefined))).toEqual([]);
});

test('every image has words for those who do not see it', () => {
  expect(
    broken(({ shown }) =>
      elementsOf(shown, 'image').some(({ alt_text }) => typeof alt_text !== 'string' || alt_text.length < 5)
        ? 'an image without words'
        : undefined,
    ),
  ).toEqual([]);
});

test('a secret that was typed or said somewhere is on no surface', () => {
  // What somebody types stands in their own form as they typed it, and nobody else sees that.
  expect(broken((surface) => readable(surface).find((text) => text.includes('xoxb-planted')))).toEqual([]);
  // It was there to be found.
  expect(JSON.stringify(extreme('waiting'))).toContain(planted);
});

test('what has ended has no button but those that go on from it, and is a few lines', () => {
  const ended = all.filter(({ name }) =>
    /^card of plain, (?:denied|cancelled|expired|failed|succeeded)$/.test(name),
  );
  expect(ended).toHaveLength(5);
  for (const { shown } of ended) {
    const labels = elementsOf(shown, 'button').map(({ action_id }) => action_id);
    expect(labels.filter((id) => id !== 'card.go_back' && id !== 'card.details')).toEqual([]);
    expect(
      readable({ name: '', kind: 'modal', shown: shown as never })
        .join('\n')
        .split('\n').length,
    ).toBeLessThan(16);
  }
});

describe('with 30 approvers and names of 60 characters', () => {
  const people = Array.from({ length: 30 }, (_, index) =>
    person(`U0P${index}`, `${'n'.repeat(57)}${String(index).padStart(3, '0')}`),
  );
  const crowded = sample('waiting', {
    requester: { ...dana, name: 'r'.repeat(60) },
    requirements: [{ ...sample('waiting').requirements[0], count: 20 } as never],
    reviews: people.map((one) => review(one, 'approve')),
  });

  test('the card names some of them whole, says how many more, and keeps its buttons', () => {
    const card = cardOf(crowded, cards);
    expectGoodMessage(card);
    const text = textsOf(card.blocks, 'mrkdwn').join('\n');
    expect(text).toContain(`✓ ${people[0]?.name} approved`);
    expect(text).toMatch(/and \d+ more people/);
    expect(elementsOf(card.blocks, 'button').map(({ action_id }) => action_id)).toContain('card.approve');
  });

  test('nor does the worst card lose its buttons', () => {
    expect(elementsOf(cardOf(extreme('waiting'), cards).blocks, 'button').length).toBeGreaterThan(2);
  });
});

test('a card mentions nobody: people are mentioned in lines of their own, once per thing they must do', () => {
  expect(
    broken((surface) => {
      if (!/^(?:card|outcome|history) of/.test(surface.name)) return undefined;
      return readable(surface).find((text) => text.includes(mention(dana.id)));
    }),
  ).toEqual([]);
  expect(
    broken((surface) => {
      const text = /^notice/.test(surface.name) ? textOf(surface) : undefined;
      const mentioned = text?.match(/<@U\w+>/g) ?? [];
      return new Set(mentioned).size < mentioned.length ? text : undefined;
    }),
  ).toEqual([]);
});

test('every refusal has a sentence, a next step and a reference, whatever its code', () => {
  const refusals = all.filter(({ name }) => name.startsWith('problem '));
  expect(refusals.length).toBeGreaterThan(20);
  for (const surface of refusals) {
    expect(readable(surface).join('\n'), surface.name).toContain('Reference ref00001');
  }
});

test('every refusal that is written out says what happened in a sentence, and what to do in another', async () => {
  const folder = new URL('../../src/', import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter((file) =>
    /^(?!sandbox\/).*\.ts$/.test(file),
  );
  const text = /(?:'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)/.source;
  const call = new RegExp(`\\bproblem\\(\\s*'[a-z_]+',\\s*(${text}),\\s*(${text})`, 'g');
  const found = await Promise.all(
    files.map(async (file) => {
      const source = await readFile(new URL(file, folder), 'utf8');
      return [...source.matchAll(call)].map(([, sentence = '', next = '']) => ({
        file,
        said: [sentence, next],
      }));
    }),
  );
  const refusals = found.flat();
  expect(refusals.length).toBeGreaterThan(200);
  // What is filled in at the end or at the beginning brings its own.
  const isSentence = (one: string) => /^.(?:[\p{Lu}"`\\]|\$\{|outputs\.).*(?:[.!?…]`?|\})\)?.$/su.test(one);
  expect(refusals.filter(({ said }) => !said.every(isSentence))).toEqual([]);
});
