/** Help of a slash command: what this person may ask for, how it is written, and examples that work. Pure. */
import type { KnownBlock } from '@slack/types';
import type { Action } from '../core/action.ts';
import type { InputSchema } from '../core/input-schema.ts';
import { listOf } from '../core/text.ts';
import { bold, context, escapeMrkdwn, inBlocks, inline, type SlackMessage, section } from './blocks.ts';
import { type FormField, fieldsOf, flagOf } from './forms/fields.ts';
import { everyFurtherField, pathOf } from './forms/further.ts';
import { maxOf } from './limits.ts';

/** `actions`: those behind the command that this person may use. `preface`: what was wrong with the line, if anything. */
export function commandHelp(slash: string, actions: readonly Action[], preface?: string): SlackMessage {
  const first = preface ?? (actions.length === 0 ? '' : `How to use ${slash}:`);
  const none = `There is nothing behind ${slash} that you may ask for. Ask the platform team if you should.`;
  return {
    text: escapeMrkdwn(actions.length === 0 ? none : `${first} ${inOrder(actions).map(usageOf).join('; ')}`),
    blocks:
      actions.length === 0
        ? [section(inline(none))]
        : [
            ...(first === '' ? [] : [section(inline(first, 1000))]),
            ...inOrder(actions).flatMap(actionBlocks),
            context(`${formHint(actions)}\`${slash} help\` shows this.`),
          ],
  };
}

/** Help of one action once it is clear what else it asks for: a blueprint's or a workflow's own flags. */
export function furtherHelp(action: Action, schema: InputSchema): SlackMessage {
  const lines = everyFurtherField(schema).map(
    (field) => `\`--${inline(flagOf(pathOf(field.name)), 100)}\` ${flagWords(field)}`,
  );
  const head = `${usageOf(action)} takes these flags beside:`;
  const texts = inBlocks(lines, maxOf('textObject') - 100);
  return {
    text: escapeMrkdwn(
      lines.length === 0
        ? usageOf(action)
        : `${head} ${schema.fields.map(({ path }) => `--${path}`).join(', ')}`.slice(0, 3000),
    ),
    blocks: [
      section(`${bold(action.title)}: ${inline(action.summary)}\n\`${inline(usageOf(action), 1000)}\``),
      ...(lines.length === 0
        ? [context('It asks for nothing beside.')]
        : texts.slice(0, 10).map((text) => section(text))),
      ...schema.leftOut.slice(0, 5).map((line) => context(`:lock: ${inline(line, 300)}`)),
    ],
  };
}

function flagWords(field: FormField): string {
  const choices = field.kind === 'enum' ? ` (${inline(listOf(field.values.slice(0, 8), 'or'), 200)})` : '';
  const standard =
    field.defaultValue === undefined ? '' : `, ${inline(String(field.defaultValue), 60)} when not given`;
  return `${inline(field.title, 100)}${choices}${field.isRequired ? ', required' : ''}${standard}`;
}

export function requestsHelp(preface?: string): SlackMessage {
  const lines = [
    '`/requests` lists yours, and those that wait for your answer.',
    '`/requests REQ-12` shows one with its whole history.',
  ];
  const first = preface === undefined ? [] : [inline(preface, 500)];
  return {
    text: escapeMrkdwn([...(preface === undefined ? [] : [preface]), ...lines].join(' ')),
    blocks: [section([...first, ...lines].join('\n'))],
  };
}

/** `/env create <name> [--blueprint …] [--ttl …]`. Plain text. */
export function usageOf(action: Action): string {
  const { command } = action;
  const typed = new Set(command.positional.map((one) => one.field));
  const required = new Set(fieldsOf(action).flatMap((field) => (field.isRequired ? [field.name] : [])));
  const words = command.positional.map(({ field, word }) => {
    const part = `${word === undefined ? '' : `${word} `}<${flagOf(field)}>`;
    return required.has(field) ? part : `[${part}]`;
  });
  const flags = fieldsOf(action)
    .filter((field) => !typed.has(field.name))
    .map((field) => (required.has(field.name) ? `--${flagOf(field.name)} …` : `[--${flagOf(field.name)} …]`));
  const verb = command.verb !== undefined && command.isBare ? `[${command.verb}]` : command.verb;
  return [command.slash, ...(verb === undefined ? [] : [verb]), ...words, ...flags].join(' ');
}

/** What the command means without a verb first, then the looks, then what changes something: as often as they are asked for. */
function inOrder(actions: readonly Action[]): readonly Action[] {
  const rank = ({ effect, command }: Action) =>
    command.verb === undefined ? 0 : command.isBare ? 1 : effect === 'read' ? 2 : 3;
  return actions.toSorted((one, other) => rank(one) - rank(other));
}

/** A form opens when a line says which action, and no more. */
function formHint(actions: readonly Action[]): string {
  const hasBare = actions.some(({ command }) => command.isBare);
  const incomplete = actions.filter(
    (action) =>
      fieldsOf(action).some((field) => field.isRequired) && !(hasBare && action.command.verb === undefined),
  );
  const heads = incomplete.map(({ command }) =>
    command.verb === undefined ? command.slash : `${command.slash} ${command.verb}`,
  );
  if (heads.length === 0) return '';
  const shown = listOf(
    heads.map((head) => `\`${inline(head)}\``),
    'or',
  );
  return `${shown} alone opens a form. `;
}

function actionBlocks(action: Action): KnownBlock[] {
  const examples = action.command.examples.slice(0, 4).map((example) => `\`${inline(example, 300)}\``);
  return [
    section(`${bold(action.title)}: ${inline(action.summary)}\n\`${inline(usageOf(action), 1000)}\``),
    ...(examples.length === 0 ? [] : [context(['For example:', ...examples].join('\n'))]),
  ];
}
