/** What the commands that look after the data say of a database. */
import { requestIdOf } from '../../core/ids.ts';
import { count } from '../../core/text.ts';
import type { CheckedFile } from '../../store/check-sqlite-file.ts';
import { migrationNames } from '../../store/migrate.ts';

/** Prints one line. */
export type Write = (line: string) => void;

/** "12.3 MB, 40 requests, 312 events, schema 0013-leases, the chain ends at event 312 with 3f…". */
export function contentInWords(
  { requests = 0, events = 0, schema, head }: CheckedFile,
  bytes: number,
): string {
  const parts = [
    sizeInWords(bytes),
    count(requests, 'request'),
    count(events, 'event'),
    `schema ${schema}`,
    headInWords(head),
  ];
  return `${parts.join(', ')}.`;
}

export function headInWords(head: CheckedFile['head']): string {
  if (!head) return 'no audit yet';
  return head.position === 0
    ? 'the audit is empty'
    : `the audit ends at event ${head.position} with hash ${head.hash}`;
}

/** In MB, with a tenth. */
export function sizeInWords(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** What a restore means for the world outside, which did not go back with it. */
export function restoreInWords({
  before,
  next,
  newest,
  schema,
}: {
  readonly before: number;
  readonly next: number;
  readonly newest: number | undefined;
  readonly schema: string | undefined;
}): string[] {
  const lost =
    newest === undefined
      ? `Nobody can tell how many requests were made after ${before === 0 ? 'the backup' : requestIdOf(before)}.`
      : newest > before
        ? `${requestIdOf(before + 1)} to ${requestIdOf(newest)} were asked for after the backup, and are not in it: their cards are still in Slack, and what they made is still there.`
        : 'No request was made after the backup.';
  return [
    lost,
    `The next request is ${requestIdOf(next)}: no number is given twice, since what was made outside carries it.`,
    'What was answered after the backup waits for its answer again. What had begun by then is looked for outside when the bot starts, before anything is repeated.',
    'What is out there and not recorded, the bot says in its log and in `/env list`.',
    'If the audit has an anchor in a file or a clone, that knows more than the backup, and the bot will sign nothing: put the file aside, and keep it.',
    ...(schema === migrationNames.at(-1)
      ? []
      : [`Its schema is ${schema}; the bot brings it to ${migrationNames.at(-1)} when it starts.`]),
  ];
}
