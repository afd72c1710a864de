/** A read action's answer, as a good colleague would give it: the sentence first, then part by part. Pure. */
import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import type { Answer, Mood } from '../core/action.ts';
import { count, fit } from '../core/text.ts';
import {
  actions,
  bold,
  button,
  context,
  escapeMrkdwn,
  fields,
  inBlocks,
  inline,
  link,
  linked,
  preformatted,
  type SlackMessage,
  section,
} from './blocks.ts';
import { chartBlocks } from './chart-block.ts';
import { maxOf } from './limits.ts';
import { withoutSecrets } from './without-secrets.ts';

export const answerActions = {
  refresh: 'answer.refresh',
  show: 'answer.show',
  run: 'answer.run',
  stop: 'watch.stop',
} as const;
/** Slack wants action ids to differ within a block: `answer.run.0`. */
export const runActionPattern = /^answer\.run\.\d+$/u;

/** Which question an answer answers: enough to ask it again, with the rights of whoever does. */
export interface Question {
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const maxSections = 12;
/** Enough for a list of what a whole company has; more is for a narrower question. */
const maxLinesPerSection = 60;
const charactersPerBlock = 2800;
/** Of the parts: title, links and buttons stand beside them. */
const maxPartBlocks = maxOf('blocksPerMessage') - 9;

const signs: Readonly<Record<Mood, string>> = { good: '✓', busy: '●', bad: '✗', unknown: '○' };
const lights: Readonly<Record<Mood, string>> = { good: '🟢', busy: '🔵', bad: '🔴', unknown: '⚪' };
const moods: Readonly<Record<Mood, string>> = {
  good: 'healthy',
  busy: 'changing',
  bad: 'not healthy',
  unknown: 'not known',
};

/** What stands beside the words of a private answer. */
export interface AnswerExtras {
  /** Where its files are, or why there are none. */
  readonly note: { readonly text: string; readonly link?: string | undefined } | undefined;
  /** Its charts as a picture that Slack has. */
  readonly image?: { readonly id: string; readonly altText: string };
  /** Its charts as Slack draws them itself. */
  readonly hasCharts?: boolean;
}

/** Over the files in somebody's direct messages: which question they answer. */
export function answerHeading(answer: Answer): SlackMessage {
  return withoutSecrets({
    text: escapeMrkdwn(`${answer.title}: ${answer.sentence}`),
    blocks: [section(`${bold(answer.title, 200)}\n${linked(answer.sentence, 1500)}`)],
  });
}

/** A private answer can be refreshed and shown; one shown to a channel is a note of that moment. */
type Audience =
  | { readonly kind: 'private' }
  | { readonly kind: 'channel'; readonly shownBy: string }
  /** Said by itself. */
  | { readonly kind: 'posted'; readonly words: string }
  /** Drawn anew until it has ended; `words` say until when, or how it ended. mrkdwn of ours. */
  | { readonly kind: 'watch'; readonly id: string; readonly words: string; readonly isEnded: boolean };

export function answerMessage(
  answer: Answer,
  question: Question,
  audience: Audience,
  extras: AnswerExtras = { note: undefined },
): SlackMessage {
  const shown = answer.sections.slice(0, maxSections);
  const left = answer.sections.length - shown.length;
  const parts = shown.flatMap(sectionBlocks);
  const message = {
    text: escapeMrkdwn(answer.sentence),
    blocks: [
      section(`${bold(answer.title, 200)}${moodText(answer.mood)}\n${linked(answer.sentence, 1500)}`),
      ...pictures(answer, extras),
      ...parts.slice(0, maxPartBlocks),
      ...(parts.length > maxPartBlocks ? [context('and more than fits here')] : []),
      ...(left > 0 ? [context(`and ${count(left, 'more part')}`)] : []),
      ...(answer.links.length > 0
        ? [
            context(
              answer.links
                .slice(0, 10)
                .map((one) => link(one.label, one.url, 75))
                .join(' · '),
            ),
          ]
        : []),
      ...(answer.footnote === undefined ? [] : [context(inline(answer.footnote, 300))]),
      ...(extras.note ? [context(noteWords(extras.note))] : []),
      ...ending(answer, question, audience),
    ],
  };
  // A program or a colleague may have written any line of it; only the one that is there to open something keeps it.
  return answer.isSecret === true ? message : withoutSecrets(message);
}

function pictures({ charts: sheet }: Answer, { image, hasCharts }: AnswerExtras): KnownBlock[] {
  if (image) {
    return [
      { type: 'image', slack_file: { id: image.id }, alt_text: fit(image.altText, maxOf('imageAltText')) },
    ];
  }
  return sheet && hasCharts ? chartBlocks(sheet.charts, sheet.zone) : [];
}

function noteWords({ text, link: url }: NonNullable<AnswerExtras['note']>): string {
  return url === undefined ? inline(text, 500) : link(text, url, 300);
}

function ending(answer: Answer, question: Question, audience: Audience): KnownBlock[] {
  switch (audience.kind) {
    case 'private':
      return buttons(answer, question);
    case 'channel':
      return [context(`Shown by ${inline(audience.shownBy, 80)}`)];
    case 'posted':
      return [context(audience.words)];
    case 'watch':
      return [
        context(audience.words),
        ...(audience.isEnded
          ? []
          : [actions([button({ label: 'Stop', action: answerActions.stop, value: audience.id })])]),
      ];
  }
}

function moodText(mood: Mood | undefined): string {
  return mood === undefined ? '' : ` · ${lights[mood]} ${moods[mood]}`;
}

function sectionBlocks(part: Answer['sections'][number]): KnownBlock[] {
  const lines = part.lines.slice(0, maxLinesPerSection).map((line) => linked(line, 300));
  const left = part.lines.length - lines.length;
  // The title has the words; the whole answer's mood above is spelled out.
  const sign = part.mood === undefined ? '' : `${signs[part.mood]} `;
  const title = `${sign}${bold(part.title, 150)}`;
  const more = left > 0 ? [`and ${count(left, 'more line')}`] : [];
  return [
    ...inBlocks([title, ...lines, ...more], charactersPerBlock).map((text) => section(text)),
    ...(part.fields.length === 0
      ? []
      : [fields(part.fields.map((one) => ({ label: one.label, value: linked(one.value, 300) })))]),
    ...(part.verbatim === undefined ? [] : preformatted(part.verbatim)),
  ];
}

/** None at all: Slack refuses a row without a button, and the whole message with it. */
function buttons(answer: Answer, question: Question): KnownBlock[] {
  // Field by field: whatever else the caller's object holds must not travel in a button.
  const value = JSON.stringify({ action: question.action, input: question.input });
  // A question too long for a button can still be typed again; a button that lies cannot be had back.
  const canCarry = value.length <= maxOf('buttonValue') && !answer.isSecret;
  const row = [
    ...(canCarry
      ? [
          button({ label: 'Refresh', action: answerActions.refresh, value }),
          ...(answer.isPersonal
            ? []
            : [button({ label: 'Show to the channel', action: answerActions.show, value })]),
        ]
      : []),
    ...answer.next.slice(0, maxOf('nextQuestions')).map((one, index) =>
      button({
        label: one.label,
        action: `${answerActions.run}.${index}`,
        value: one.commandLine.slice(0, maxOf('buttonValue')),
      }),
    ),
  ];
  return row.length === 0 ? [] : [actions(row)];
}

const questionSchema = z.strictObject({
  action: z.string().max(100),
  input: z.record(z.string(), z.unknown()),
});

export function readQuestion(text: string | undefined): Question | undefined {
  try {
    return questionSchema.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}
