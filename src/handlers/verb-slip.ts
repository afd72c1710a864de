/** `/svc restrat payments`: a verb with a slip in it, which would else be taken for the name of a service. */

import type { Person } from '../core/person.ts';
import { type Problem, problem } from '../core/problem.ts';
import { fitRedacted } from '../core/redact.ts';
import { didYouMean, nearestWord } from '../core/text.ts';
import { fieldsOf } from '../slack/forms/fields.ts';
import type { HandlerDeps } from './deps.ts';
import { readLine } from './line.ts';
import type { NamedAction } from './parse-command.ts';

/** The problem to tell instead of reading the line; none when its first word is a name, or like no verb. */
export async function verbSlip(
  { desk }: Pick<HandlerDeps, 'desk'>,
  person: Person,
  slash: string,
  allowed: readonly NamedAction[],
  text: string,
): Promise<Problem | undefined> {
  const [first] = readLine(text).words;
  const verbs = allowed.flatMap(({ action }) => action.command.verb ?? []);
  if (first === undefined || first.isQuoted || verbs.includes(first.text.toLowerCase())) return undefined;
  const verb = nearestWord(first.text, verbs);
  const verbless = allowed.find(({ action }) => action.command.verb === undefined)?.action;
  const field =
    verbless && fieldsOf(verbless).find(({ name }) => name === verbless.command.positional[0]?.field);
  if (verb === undefined || field?.kind !== 'choice') return undefined;
  const names = (await desk.choices(field.source, person, {}, first.text)).map(({ value }) => value);
  if (nearestWord(first.text, names) !== undefined) return undefined;
  return problem(
    'bad_input',
    `${slash} cannot "${fitRedacted(first.text, 50)}", and nothing in the catalog is called so.${didYouMean(first.text, verbs)}`,
    `Write it like this: ${slash} ${fitRedacted(text.trim().replace(/^\S+/u, verb), 200)}`,
  );
}
