/** The words and flags of a command line, each to the field that it is meant for, and slips in words. Pure. */
import type { Action } from '../core/action.ts';
import { type Problem, problem } from '../core/problem.ts';
import { fitRedacted } from '../core/redact.ts';
import { didYouMean, listOf } from '../core/text.ts';
import { type FormField, flagOf } from '../slack/forms/fields.ts';
import { pathOf } from '../slack/forms/further.ts';
import { usageOf } from '../slack/help.ts';
import type { Line, Word } from './line.ts';

/** Fills in what stands without a flag, and says what is left over. A key word (`to`) jumps to its field. */
export function readWords(
  action: Action,
  words: readonly Word[],
  texts: Map<string, string>,
): Problem | undefined {
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
    const { field, isRest = false, word: keyWord } = positional[place] ?? {};
    if (field === undefined || (isRest && keyWord !== undefined && rest !== place)) {
      return wrongLine(action, `There is no place for "${fitRedacted(word.text, 50)}" in this command.`);
    }
    const before = texts.get(field);
    texts.set(field, isRest && before !== undefined ? `${before} ${word.text}` : word.text);
    if (!isRest) place++;
  }
  return undefined;
}

export function readFlags(
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
      return wrongLine(action, `There is no --${fitRedacted(name, 50)} here.${didYouMean(name, known)}`);
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

export function isSwitch(fields: readonly FormField[], flag: string): boolean {
  return fields.some((field) => field.kind === 'boolean' && isFlagOf(field, flag));
}

/** `--memory-gi`, `--memoryGi` and `--memorygi` are one flag; `--persistence.size` is called by its path. */
export function isFlagOf({ name }: FormField, typed: string): boolean {
  const plain = (one: string) => one.toLowerCase().replaceAll(/[-_]/gu, '');
  return plain(pathOf(name)) === plain(typed);
}

export function notAskedNow(action: Action, field: FormField): Problem {
  return wrongLine(
    action,
    `--${flagOf(pathOf(field.name))} says nothing with the other answers as they are.`,
  );
}

export function notOneOf(
  action: Action,
  field: FormField,
  values: readonly string[],
  typed: string,
): Problem {
  return wrongLine(
    action,
    `${field.title} can be ${listOf(values, 'or')}, not "${typed.slice(0, 50)}".${didYouMean(typed, values)}`,
  );
}

export function notANumber(action: Action, field: FormField, typed: string): Problem {
  return wrongLine(action, `${field.title} is a number, not "${typed.slice(0, 50)}".`);
}

export function wrongLine(action: Action, sentence: string): Problem {
  return problem('bad_input', sentence, `Write it like this: ${usageOf(action)}`);
}
