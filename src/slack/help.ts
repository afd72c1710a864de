/** Help of a slash command: what this person may ask for, how it is written, and examples that work. Pure. */
import type { KnownBlock } from '@slack/types';
import type { Action } from '../core/action.ts';
import type { InputSchema } from '../core/input-schema.ts';
import { listOf } from '../core/text.ts';
import { bold, context, escapeMrkdwn, inBlocks, inline, type SlackMessage, section } from './blocks.ts';
import { type FormField, fieldsOf, flagOf } from './forms/fields.ts';
import { everyFurtherField, pathOf } from './forms/further.ts';
import { maxOf } from './limits.ts';
import { withoutSecrets } from './without-secrets.ts';
import { stopped } from './words.ts';

/** More actions than these are said in a line each, so that all of them can be seen at once. */
const wholeMax = 4;

/** `actions`: those behind the command that this person may use. `preface`: what was wrong with the line, if anything. */
export function commandHelp(slash: string, actions: readonly Action[], preface?: string): SlackMessage {
  const first = preface ?? (actions.length === 0 ? '' : `How to use ${slash}:`);
  const ordered = inOrder(actions);
  const none = `There is nothing behind ${slash} that you may ask for. Ask the platform team if you should.`;
  return withoutSecrets({
    text: escapeMrkdwn(
      actions.length === 0
        ? none
        : stopped(`${first} ${ordered.map(usageOf).join('; ')}`.slice(0, maxOf('textObject'))),
    ),
    blocks:
      actions.length === 0
        ? [section(inline(none))]
        : [
            ...(first === '' ? [] : [section(inline(first, 1000))]),
            ...(actions.length > wholeMax ? actionLines(ordered) : ordered.flatMap(actionBlocks)),
            context(
              actions.length > wholeMax
                ? manyHint(slash, ordered)
                : `${formHint(actions)}\`${slash} help\` shows this.`,
            ),
          ],
  });
}

/** Help of one action, with its flags; `schema`: what else it asks for once that is known, a blueprint's or a workflow's own. */
export function actionHelp(action: Action, schema: InputSchema | undefined): SlackMessage {
  const typed = new Set(action.command.positional.map((one) => one.field));
  const own = fieldsOf(action).filter((field) => !typed.has(field.name));
  const further = schema ? everyFurtherField(schema) : [];
  const lines = [...own, ...further].map(
    (field) => `\`--${inline(flagOf(pathOf(field.name)), 100)}\` ${flagWords(field)}`,
  );
  return {
    text: escapeMrkdwn(
      stopped(
        `${action.summary} How to write it: ${[usageOf(action), ...further.map(({ name }) => `--${flagOf(pathOf(name))} …`)].join(' ')}`.slice(
          0,
          maxOf('textObject'),
        ),
      ),
    ),
    blocks: [
      ...actionBlocks(action),
      ...inBlocks(lines, maxOf('textObject') - 100)
        .slice(0, 10)
        .map((text) => section(text)),
      ...(schema?.leftOut ?? []).slice(0, 5).map((line) => context(`:lock: ${inline(line, 300)}`)),
    ],
  };
}

function flagWords(field: FormField): string {
  const choices = field.kind === 'enum' ? ` (${inline(listOf(field.values.slice(0, 8), 'or'), 200)})` : '';
  const standard =
    field.defaultValue === undefined ? '' : `, ${inline(String(field.defaultValue), 60)} when not given`;
  const means = field.description === undefined ? '' : `. ${inline(field.description, 200)}`;
  return `${inline(field.title, 100)}${choices}${field.isRequired ? ', required' : ''}${standard}${means}`;
}

export function requestsHelp(preface?: string): SlackMessage {
  const lines = [
    '`/requests` lists yours, and those that wait for your answer.',
    '`/requests REQ-12` shows one with its whole history.',
    '`/requests delegate @colleague 3d` lets a colleague answer for you while you are away; `/requests undelegate` ends it, and `/requests delegations` lists who answers for whom.',
    '`/requests edit REQ-12` changes what it asks for, while it waits.',
    '`/requests review REQ-12` says that you have looked at an emergency of somebody else; a note may follow.',
  ];
  const first = preface === undefined ? [] : [inline(preface, 500)];
  return withoutSecrets({
    text: escapeMrkdwn([...(preface === undefined ? [] : [preface]), ...lines].join(' ')),
    blocks: [section([...first, ...lines].join('\n'))],
  });
}

/** `/env create <name> [--blueprint …] [--ttl …]`. Plain text. */
export function usageOf(action: Action): string {
  const { command } = action;
  const typed = new Set(command.positional.map((one) => one.field));
  const flags = fieldsOf(action)
    .filter((field) => !typed.has(field.name))
    .map((field) => (field.isRequired ? `--${flagOf(field.name)} …` : `[--${flagOf(field.name)} …]`));
  return [headOf(action), ...flags].join(' ');
}

/** `/env create <name>`: the same without its flags. */
function headOf(action: Action): string {
  const { command } = action;
  const required = new Set(fieldsOf(action).flatMap((field) => (field.isRequired ? [field.name] : [])));
  const words = command.positional.map(({ field, word }) => {
    // "by <by>" would say nothing twice.
    const slot = word === flagOf(field) ? '…' : `<${flagOf(field)}>`;
    const part = word === undefined ? slot : `${word} ${slot}`;
    return required.has(field) ? part : `[${part}]`;
  });
  const verb = command.verb !== undefined && command.isBare ? `[${command.verb}]` : command.verb;
  return [command.slash, ...(verb === undefined ? [] : [verb]), ...words].join(' ');
}

/** What most come for first, then the looks, then what changes something, and what removes it last. */
function inOrder(actions: readonly Action[]): readonly Action[] {
  const rank = ({ effect, command }: Action) =>
    command.verb === undefined || command.isMain
      ? 0
      : command.isBare
        ? 1
        : { read: 2, create: 3, change: 3, destroy: 4 }[effect];
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

/** `/env create <name>` and what it is for, in a line: flags and examples are in the help of each. */
function actionLines(actions: readonly Action[]): KnownBlock[] {
  const lines = actions.map((action) => `\`${inline(headOf(action), 300)}\` ${inline(action.summary, 200)}`);
  return inBlocks(lines, maxOf('textObject') - 100).map((text) => section(text));
}

/** Said of one that asks for something: of another one there is no form. */
function manyHint(slash: string, ordered: readonly Action[]): string {
  const asks = (action: Action) =>
    action.command.verb !== undefined && fieldsOf(action).some((field) => field.isRequired);
  const verb = ordered.find(asks)?.command.verb;
  if (verb === undefined) return `\`${slash} help\` shows this.`;
  const head = inline(`${slash} ${verb}`);
  return `\`${head} help\` shows the flags of one of them, and examples. \`${head}\` alone opens its form.`;
}

function actionBlocks(action: Action): KnownBlock[] {
  const usage = usageOf(action);
  // What is written in one way only is its own example.
  const examples = action.command.examples
    .filter((example) => example !== usage)
    .slice(0, 4)
    .map((example) => `\`${inline(example, 300)}\``);
  return [
    section(`${bold(action.title)}: ${inline(action.summary)}\n\`${inline(usage, 1000)}\``),
    ...(examples.length === 0 ? [] : [context(['For example:', ...examples].join('\n'))]),
  ];
}
