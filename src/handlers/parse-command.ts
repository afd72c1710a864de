/** Which action a command line asks for, and with what. Pure: whether it may be asked is the desk's to say. */
import type { Action } from '../core/action.ts';
import { type Problem, problem } from '../core/problem.ts';
import { didYouMean, listOf } from '../core/text.ts';
import { type FormField, fieldsOf, flagOf, valueOfText } from '../slack/forms/fields.ts';
import { usageOf } from '../slack/help.ts';
import { type Line, readLine, type Word } from './line.ts';

export type ParsedCommand =
  | { readonly kind: 'help'; readonly preface?: string }
  /** Something required is missing: the form opens with what is known. */
  | { readonly kind: 'form'; readonly action: string; readonly input: Readonly<Record<string, unknown>> }
  | { readonly kind: 'ask'; readonly action: string; readonly input: Readonly<Record<string, unknown>> }
  | { readonly kind: 'problem'; readonly problem: Problem };

export interface NamedAction {
  readonly name: string;
  readonly action: Action;
}

/** `group`: the actions behind this slash command that the person may use. */
export function parseCommand(slash: string, group: readonly NamedAction[], text: string): ParsedCommand {
  const line = readLine(text, (flag) => isSwitch(group, flag));
  if (asksForHelp(line) || group.length === 0) return { kind: 'help' };

  const chosen = chooseAction(slash, group, line.words);
  if ('kind' in chosen) return chosen;
  const { name, action, rest } = chosen;
  const fields = fieldsOf(action);

  const texts = new Map<string, string>();
  const wrong = readWords(action, rest, texts) ?? readFlags(action, fields, line, texts);
  if (wrong) return { kind: 'problem', problem: wrong };

  const input: Record<string, unknown> = {};
  for (const field of fields) {
    const text = texts.get(field.name);
    const value = text === undefined ? undefined : valueOfText(field, text);
    if (value === undefined) continue;
    if (field.kind === 'enum' && !field.values.includes(String(value))) {
      return { kind: 'problem', problem: notOneOf(action, field, field.values, String(value)) };
    }
    if (field.kind === 'number' && typeof value !== 'number') {
      return { kind: 'problem', problem: notANumber(action, field, String(value)) };
    }
    input[field.name] = value;
  }
  const isComplete = fields.every((field) => !field.isRequired || input[field.name] !== undefined);
  return { kind: isComplete ? 'ask' : 'form', action: name, input };
}

const helpWords = new Set(['help', '?', '-h']);

function asksForHelp(line: Line): boolean {
  return (
    line.words.some((word) => !word.isQuoted && helpWords.has(word.text.toLowerCase())) ||
    line.flags.some((flag) => flag.name.toLowerCase() === 'help')
  );
}

function isSwitch(group: readonly NamedAction[], flag: string): boolean {
  return group.some(({ action }) =>
    fieldsOf(action).some((field) => field.kind === 'boolean' && sameFlag(field.name, flag)),
  );
}

/** `--memory-gi`, `--memoryGi` and `--memorygi` are one flag. */
function sameFlag(field: string, typed: string): boolean {
  return field.toLowerCase() === typed.toLowerCase().replaceAll(/[-_]/gu, '');
}

function chooseAction(
  slash: string,
  group: readonly NamedAction[],
  words: readonly Word[],
): ParsedCommand | (NamedAction & { readonly rest: readonly Word[] }) {
  const verbless = group.find(({ action }) => action.command.verb === undefined);
  const [first, ...rest] = words;
  // In quotes it is a name: a service called "restart" is no restart.
  const verb = first?.isQuoted ? undefined : first?.text.toLowerCase();
  const byVerb = group.find(
    ({ action }) => action.command.verb !== undefined && action.command.verb === verb,
  );
  if (byVerb) return { ...byVerb, rest };
  if (verbless) return { ...verbless, rest: words };
  if (first === undefined) return { kind: 'help' };
  const verbs = group.flatMap(({ action }) => action.command.verb ?? []);
  return {
    kind: 'help',
    preface: `${slash} cannot "${first.text.slice(0, 50)}".${didYouMean(first.text, verbs)}`,
  };
}

/** Fills in what stands without a flag, and says what is left over. A key word (`to`) jumps to its field. */
function readWords(action: Action, words: readonly Word[], texts: Map<string, string>): Problem | undefined {
  const { positional } = action.command;
  let place = 0;
  for (const word of words) {
    const jump = word.isQuoted
      ? -1
      : positional.findIndex((one, at) => at >= place && one.word === word.text.toLowerCase());
    if (jump >= 0) {
      place = jump;
      continue;
    }
    const field = positional[place]?.field;
    if (field === undefined) {
      return wrongLine(action, `There is no place for "${word.text.slice(0, 50)}" in this command.`);
    }
    texts.set(field, word.text);
    place++;
  }
  return undefined;
}

function readFlags(
  action: Action,
  fields: readonly FormField[],
  line: Line,
  texts: Map<string, string>,
): Problem | undefined {
  for (const { name, value } of line.flags) {
    const field = fields.find((one) => sameFlag(one.name, name));
    if (!field) {
      const known = fields.map((one) => flagOf(one.name));
      return wrongLine(action, `There is no --${name.slice(0, 50)} here.${didYouMean(name, known)}`);
    }
    if (texts.has(field.name)) return wrongLine(action, `${field.title} is given twice.`);
    if (value === undefined && field.kind !== 'boolean') {
      return wrongLine(action, `--${flagOf(field.name)} needs a value after it.`);
    }
    texts.set(field.name, value ?? 'yes');
  }
  return undefined;
}

function notOneOf(action: Action, field: FormField, values: readonly string[], typed: string): Problem {
  return wrongLine(
    action,
    `${field.title} can be ${listOf(values, 'or')}, not "${typed.slice(0, 50)}".${didYouMean(typed, values)}`,
  );
}

function notANumber(action: Action, field: FormField, typed: string): Problem {
  return wrongLine(action, `${field.title} is a number, not "${typed.slice(0, 50)}".`);
}

function wrongLine(action: Action, sentence: string): Problem {
  return problem('bad_input', sentence, `Write it like this: ${usageOf(action)}`);
}
