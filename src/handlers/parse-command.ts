/** Which action a command line asks for, and with what. Pure: whether it may be asked is the desk's to say. */
import type { Action } from '../core/action.ts';
import type { InputSchema } from '../core/input-schema.ts';
import { type Problem, problem } from '../core/problem.ts';
import { didYouMean, listOf } from '../core/text.ts';
import { type FormField, fieldsOf, flagOf, valueOfText } from '../slack/forms/fields.ts';
import {
  everyFurtherField,
  type FormValues,
  fieldsFor,
  inputOf,
  isFurther,
  pathOf,
} from '../slack/forms/further.ts';
import { usageOf } from '../slack/help.ts';
import { type Line, readLine, type Word } from './line.ts';

export type ParsedCommand =
  | {
      readonly kind: 'help';
      readonly preface?: string;
      /** Of one action whose further questions are known: what flags these are. */
      readonly about?: { readonly action: Action; readonly schema: InputSchema };
    }
  /** Something required is missing: the form opens with what is known. */
  | { readonly kind: 'form'; readonly action: string; readonly input: Readonly<Record<string, unknown>> }
  | { readonly kind: 'ask'; readonly action: string; readonly input: Readonly<Record<string, unknown>> }
  | { readonly kind: 'problem'; readonly problem: Problem };

export interface NamedAction {
  readonly name: string;
  readonly action: Action;
}

/** What an action asks for beside its own fields, for what is known of them. */
export type FurtherOf = (action: string, input: FormValues) => InputSchema | undefined;

/** `group`: the actions behind this slash command that the person may use. */
export function parseCommand(
  slash: string,
  group: readonly NamedAction[],
  text: string,
  furtherOf: FurtherOf = () => undefined,
): ParsedCommand {
  const first = readLine(text, (flag) =>
    isSwitch(
      group.flatMap(({ action }) => fieldsOf(action)),
      flag,
    ),
  );
  if (group.length === 0) return { kind: 'help' };
  const line = withoutHelp(first);
  const wantsHelp = line !== first;

  const chosen = chooseAction(slash, group, line.words);
  if ('kind' in chosen) return wantsHelp ? { kind: 'help' } : chosen;
  const schema = furtherFor(chosen, line, furtherOf);
  if (wantsHelp) {
    return { kind: 'help', ...(schema ? { about: { action: chosen.action, schema } } : {}) };
  }
  return schema === undefined
    ? readAsk(chosen, line)
    : readAskWithFurther(slash, group, text, chosen, schema);
}

/** Flags that are switches are known only with the schema, so the line is read again with it. */
function readAskWithFurther(
  slash: string,
  group: readonly NamedAction[],
  text: string,
  { name, action }: NamedAction,
  schema: InputSchema,
): ParsedCommand {
  const fields = [...fieldsOf(action), ...everyFurtherField(schema)];
  const line = readLine(text, (flag) => isSwitch(fields, flag));
  const chosen = chooseAction(slash, group, line.words);
  return 'kind' in chosen ? chosen : readAsk({ name, action, rest: chosen.rest }, line, schema);
}

function readAsk(
  { name, action, rest }: NamedAction & { readonly rest: readonly Word[] },
  line: Line,
  schema?: InputSchema,
): ParsedCommand {
  const fields = [...fieldsOf(action), ...(schema ? everyFurtherField(schema) : [])];
  const texts = new Map<string, string>();
  const wrong = readWords(action, rest, texts) ?? readFlags(action, fields, line, texts);
  if (wrong) return { kind: 'problem', problem: wrong };

  const values: Record<string, unknown> = {};
  for (const field of fields) {
    const text = texts.get(field.name);
    const value = text === undefined ? undefined : valueOfText(field, text);
    if (value === undefined) continue;
    if (field.kind === 'enum' && !field.isMultiple && !field.values.includes(String(value))) {
      return { kind: 'problem', problem: notOneOf(action, field, field.values, String(value)) };
    }
    if (field.kind === 'number' && typeof value !== 'number') {
      return { kind: 'problem', problem: notANumber(action, field, String(value)) };
    }
    // Its schema reads it: it knows what a text may stand for.
    values[field.name] = isFurther(field.name) && field.kind !== 'boolean' ? text : value;
  }
  const input = inputOf(schema, values);
  if (!input.ok) return { kind: 'problem', problem: wrongLine(action, input.problem.sentence) };
  const shown = fieldsFor(action, schema, values);
  const unasked = fields.find(({ name: one }) => one in values && !shown.some((field) => field.name === one));
  if (unasked) return { kind: 'problem', problem: notAskedNow(action, unasked) };
  const isComplete = shown.every(
    (field) => !field.isRequired || field.defaultValue !== undefined || values[field.name] !== undefined,
  );
  return { kind: isComplete ? 'ask' : 'form', action: name, input: input.value };
}

/** What is known of the action's own fields decides what else is asked for; a slip among them is told later. */
function furtherFor(
  { name, action, rest }: NamedAction & { readonly rest: readonly Word[] },
  line: Line,
  furtherOf: FurtherOf,
): InputSchema | undefined {
  if (!action.further) return undefined;
  const fields = fieldsOf(action);
  const texts = new Map<string, string>();
  readWords(action, rest, texts);
  const flags = line.flags.filter((flag) => fields.some((field) => isFlagOf(field, flag.name)));
  readFlags(action, fields, { ...line, flags }, texts);
  const known = fields.flatMap((field) => {
    const text = texts.get(field.name);
    const value = text === undefined ? field.defaultValue : valueOfText(field, text);
    return value === undefined ? [] : [[field.name, value] as const];
  });
  return furtherOf(name, Object.fromEntries(known));
}

const helpWords = new Set(['help', '?', '-h']);

/** The line itself when it does not ask for help. */
function withoutHelp(line: Line): Line {
  const words = line.words.filter((word) => word.isQuoted || !helpWords.has(word.text.toLowerCase()));
  const flags = line.flags.filter((flag) => flag.name.toLowerCase() !== 'help');
  const isSame = words.length === line.words.length && flags.length === line.flags.length;
  return isSame ? line : { words, flags };
}

function isSwitch(fields: readonly FormField[], flag: string): boolean {
  return fields.some((field) => field.kind === 'boolean' && isFlagOf(field, flag));
}

/** `--memory-gi`, `--memoryGi` and `--memorygi` are one flag; `--persistence.size` is called by its path. */
function isFlagOf({ name }: FormField, typed: string): boolean {
  const plain = (one: string) => one.toLowerCase().replaceAll(/[-_]/gu, '');
  return plain(pathOf(name)) === plain(typed);
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
  // What takes all the rest is only reached by its word: a word too many is no time.
  let rest: number | undefined;
  for (const word of words) {
    const jump = word.isQuoted
      ? -1
      : positional.findIndex(
          (one, at) => at >= place && [one.word, one.otherWord].includes(word.text.toLowerCase()),
        );
    if (jump >= 0) {
      place = jump;
      rest = positional[jump]?.isRest ? jump : undefined;
      continue;
    }
    const { field, isRest = false } = positional[place] ?? {};
    if (field === undefined || (isRest && rest !== place)) {
      return wrongLine(action, `There is no place for "${word.text.slice(0, 50)}" in this command.`);
    }
    const before = texts.get(field);
    texts.set(field, isRest && before !== undefined ? `${before} ${word.text}` : word.text);
    if (!isRest) place++;
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
    // The action's own fields come first, so that no schema takes a flag of theirs.
    const field = fields.find((one) => isFlagOf(one, name));
    if (!field) {
      const known = fields.map((one) => flagOf(pathOf(one.name)));
      return wrongLine(action, `There is no --${name.slice(0, 50)} here.${didYouMean(name, known)}`);
    }
    const given = texts.get(field.name);
    if (given !== undefined && !takesSeveral(field))
      return wrongLine(action, `${field.title} is given twice.`);
    if (value === undefined && field.kind !== 'boolean') {
      return wrongLine(action, `--${flagOf(pathOf(field.name))} needs a value after it.`);
    }
    texts.set(field.name, given === undefined ? (value ?? 'yes') : `${given}\n${value}`);
  }
  return undefined;
}

function takesSeveral(field: FormField): boolean {
  return (
    field.kind === 'list' || field.kind === 'map' || (field.kind === 'enum' && field.isMultiple === true)
  );
}

function notAskedNow(action: Action, field: FormField): Problem {
  return wrongLine(
    action,
    `--${flagOf(pathOf(field.name))} says nothing with the other answers as they are.`,
  );
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
