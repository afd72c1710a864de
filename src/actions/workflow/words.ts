/** A workflow and its run in words. */
import type { InputSchema, SchemaValues, TypedAnswer } from '../../core/input-schema.ts';
import { problem } from '../../core/problem.ts';
import { fitRedacted } from '../../core/redact.ts';
import { didYouMean } from '../../core/text.ts';

export function unknownWorkflow(name: string, known: Iterable<string>) {
  return problem(
    'not_found',
    `There is no workflow "${name}".${didYouMean(name, known)}`,
    'Type `/run` to see all.',
    {
      fields: { workflow: `there is no workflow "${name}"` },
    },
  );
}

export function noSuchFile(repository: string, file: string) {
  return problem(
    'not_found',
    `${repository} has no workflow ${file} that GitHub would run: it was renamed, removed or switched off.`,
    'Name the file of today in the catalog (workflows), or switch it on again at GitHub.',
  );
}

export function noSuchRef(repository: string, ref: string) {
  return problem(
    'not_found',
    `${repository} has no branch or tag "${ref}".`,
    'Mend `ref` in the catalog (workflows).',
  );
}

export function refMoved(ref: string) {
  return problem(
    'out_of_date',
    `${ref} points to another commit than the one that was approved.`,
    'Ask for the run again, so that people see what it is now.',
  );
}

export function noRun(file: string) {
  return problem(
    'step_failed',
    `GitHub took the order to run ${file}, but no run appeared.`,
    'Check that the workflow takes the input "greenlight_request" and shows it in its run-name, then ask again.',
  );
}

export function ranAlready(title: string) {
  return problem(
    'undo_failed',
    `${title} ran to its end before it could be cancelled.`,
    'Look at what it did; what a workflow does cannot be taken back from here.',
  );
}

/** In the order in which they were asked for, as they were typed; longer ones are cut, for cards are read at a glance. */
export function valueLines(schema: InputSchema, values: SchemaValues): { label: string; value: string }[] {
  const written = schema.written(values);
  return schema.shown(values).flatMap(({ path, title }) => {
    const answer = written[path];
    return answer === undefined ? [] : [{ label: title, value: fitRedacted(answerText(answer), 200) }];
  });
}

function answerText(answer: TypedAnswer): string {
  if (typeof answer === 'boolean') return answer ? 'yes' : 'no';
  return typeof answer === 'string' ? answer : answer.join(', ');
}

/** What a dispatch sends: GitHub takes texts only. */
export function inputText(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
