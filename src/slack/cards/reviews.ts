/** Who answered, how and when: one line each. */
import type { KnownBlock } from '@slack/types';
import { count } from '../../core/text.ts';
import type { Review } from '../../core/verdict.ts';
import { context, date, inline, linesWithin } from '../blocks.ts';
import { speakerOf } from '../words.ts';

const maxPeople = 6;
/** A comment longer than this is read in the details. */
const noteMax = 200;

export function reviewBlocks(reviews: readonly Review[]): KnownBlock[] {
  if (reviews.length === 0) return [];
  const lines = reviews.map(reviewLine);
  return [
    context(linesWithin(lines, maxPeople, (left) => `and ${count(left, 'more person', 'more people')}`)),
  ];
}

/** `✓ Sam Okoye approved today at 10:00: "Looked at the migration"`. */
function reviewLine(review: Review): string {
  const { sign, word } = decisions[review.decision];
  const note = review.note ? `: “${inline(review.note, noteMax)}”` : '';
  const how = review.factor ? ' with a code' : '';
  return `${sign} ${inline(speakerOf(review), 160)} ${word}${how} ${date(review.at)}${note}`;
}

const decisions: Readonly<Record<Review['decision'], { sign: string; word: string }>> = {
  approve: { sign: '✓', word: 'approved' },
  request_changes: { sign: '✎', word: 'asked for changes' },
  deny: { sign: '✗', word: 'denied' },
};
