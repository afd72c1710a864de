/** Which action a command line asks for, and with what. Pure: whether it may be asked is the desk's to say. */
import type { Action } from '../core/action.ts';
import type { Bypass } from '../core/glass.ts';
import type { InputSchema } from '../core/input-schema.ts';
import type { Problem } from '../core/problem.ts';
import { didYouMean } from '../core/text.ts';
import { fieldsOf, valueOfText } from '../slack/forms/fields.ts';
import { everyFurtherField, type FormValues, fieldsFor, inputOf, isFurther } from '../slack/forms/further.ts';
import { type Line, readLine, type Word } from './line.ts';
import {
  isFlagOf,
  isSwitch,
  notANumber,
  notAskedNow,
  notOneOf,
  readFlags,
  readWords,
  wrongLine,
} from './line-fields.ts';

export type ParsedCommand =
  | {
      readonly kind: 'help';
      readonly preface?: string;
      /** Of one action alone; `schema`: its further questions, once these are known. */
      readonly about?: { readonly action: Action; readonly schema: InputSchema | undefined };
    }
  /** Something required is missing: the form opens with what is known. */
  | {
      readonly kind: 'form' | 'ask';
      readonly action: string;
      readonly input: Readonly<Record<string, unknown>>;
      /** With what the requester asks not to wait. */
      readonly bypass?: Bypass;
    }
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
  const { line, bypass } = withoutBypass(withoutHelp(first));
  const wantsHelp = withoutHelp(first) !== first;

  const chosen = chooseAction(slash, group, line.words);
  if ('kind' in chosen) return wantsHelp ? { kind: 'help' } : chosen;
  const schema = furtherFor(chosen, line, furtherOf);
  if (wantsHelp) {
    const isOne = schema !== undefined || chosen.action.command.verb !== undefined;
    return { kind: 'help', ...(isOne ? { about: { action: chosen.action, schema } } : {}) };
  }
  const asked =
    schema === undefined ? readAsk(chosen, line) : readAskWithFurther(slash, group, text, chosen, schema);
  return bypass && (asked.kind === 'ask' || asked.kind === 'form') ? { ...asked, bypass } : asked;
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
  const { line } = withoutBypass(readLine(text, (flag) => isSwitch(fields, flag)));
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

const bypassFlags = { override: 'override', 'break-glass': 'break_glass' } as const;

/** Flags that every command has. Both at once is an emergency: that is the one which somebody looks at afterwards. */
function withoutBypass(line: Line): { line: Line; bypass?: Bypass } {
  const isBypass = (name: string): name is keyof typeof bypassFlags => Object.hasOwn(bypassFlags, name);
  const [first] = line.flags
    .filter(({ name }) => isBypass(name))
    .toSorted((one, other) => one.name.localeCompare(other.name));
  if (!first || !isBypass(first.name)) return { line };
  const flags = line.flags.filter(({ name }) => !isBypass(name));
  return { line: { ...line, flags }, bypass: { kind: bypassFlags[first.name], reason: first.value ?? '' } };
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
