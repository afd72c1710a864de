/** What is wrong with an input, in words for people: an action's own words where it has some, never the checker's. */
import { z } from 'zod';
import type { Action } from './action.ts';
import { type Problem, problem } from './problem.ts';
import { count } from './text.ts';

type Issue = z.core.$ZodIssue;

/** The first mistake as a sentence with the field's title, all of them by field. */
export function badInput(action: Action, issues: readonly Issue[]): Problem {
  const fields: Record<string, string> = {};
  for (const issue of issues) fields[String(issue.path[0] ?? '')] ??= mistakeWords(issue);
  const [field = '', words = 'it is not complete'] = Object.entries(fields)[0] ?? [];
  const sentence = field === '' ? `That cannot be read: ${words}.` : `${titleOf(action, field)}: ${words}.`;
  return problem('bad_input', sentence, 'Correct it and send it again.', { fields });
}

/** Without a full stop, to stand after a field's name or at the field: "at most 50 characters". */
export function mistakeWords(issue: Issue): string {
  switch (issue.code) {
    case 'too_big':
      return `at most ${bound(issue.maximum, issue.origin)}`;
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${bound(issue.minimum, issue.origin)}`;
    case 'invalid_type':
      // The checker does not say otherwise that there was nothing.
      return issue.message.endsWith('received undefined')
        ? 'it is required'
        : (typeWords[issue.expected] ?? issue.message);
    case 'unrecognized_keys':
      return `there is no ${issue.keys.map((key) => `"${key}"`).join(', ')} here`;
    default:
      return issue.message;
  }
}

const typeWords: Partial<Record<string, string>> = {
  number: 'it is a number',
  int: 'it is a whole number',
  string: 'it is a text',
  boolean: 'it is yes or no',
};

function bound(limit: number | bigint, origin: string): string {
  return origin === 'string' ? count(Number(limit), 'character') : String(limit);
}

function titleOf(action: Action, field: string): string {
  const schema = action.input.shape[field];
  return (schema instanceof z.ZodType ? schema.meta()?.title : undefined) ?? field;
}
