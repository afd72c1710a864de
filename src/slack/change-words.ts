/** What was edited or narrowed, in words. Plain text: whoever draws it escapes it. */
import type { FieldChange } from '../core/review-life.ts';
import { listOf } from '../core/text.ts';

/** "CPU from 8 to 4 and time to live from 2d to 8h". */
export function changesText(changes: readonly FieldChange[]): string {
  return listOf(changes.map(changeText));
}

/** "from 8 to 4 CPU and from 2d to 8h time to live": after "narrowed". */
export function narrowedText(changes: readonly FieldChange[]): string {
  return listOf(changes.map(({ title, from, to }) => `from ${from} to ${to} ${midSentence(title)}`));
}

function changeText({ title, from, to }: FieldChange): string {
  const name = midSentence(title);
  if (from === undefined) return `${name} ${to}`;
  return to === undefined ? `no ${name}, which was ${from}` : `${name} from ${from} to ${to}`;
}

/** "Replicas" is no name, "CPU" is. */
function midSentence(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? `${title.charAt(0).toLowerCase()}${title.slice(1)}` : title;
}
