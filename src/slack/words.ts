/** Small words that cards, forms and help share. */
import { listOf } from '../core/text.ts';
import type { Review } from '../core/verdict.ts';

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** With one full stop at its end, for sentences that may or may not bring theirs. */
export function stopped(text: string): string {
  return /[.!?…]$/u.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}

/** "Lee Winter", or "Lee Winter for Olga Petrova" where it counts by a voice that was lent. Plain text. */
export function speakerOf({ name, standsFor = [] }: Pick<Review, 'name' | 'standsFor'>): string {
  return standsFor.length === 0 ? name : `${name} for ${listOf(standsFor.map((one) => one.name))}`;
}

/** Of whoever gave these: they have left the group that was asked, or are gone. Plain text. */
export function lapsedText(reviews: readonly Pick<Review, 'name' | 'standsFor'>[]): string {
  const names = listOf([...new Set(reviews.map(speakerOf))]);
  return `What ${names} said no longer counts, because they may not answer it any more`;
}
