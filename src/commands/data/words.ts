/** What the commands that look after the data say of a database. */
import { count } from '../../core/text.ts';
import type { CheckedFile } from '../../store/check-sqlite-file.ts';

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
