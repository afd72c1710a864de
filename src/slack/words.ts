/** Small words that cards, forms and help share. */

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** With one full stop at its end, for sentences that may or may not bring theirs. */
export function stopped(text: string): string {
  return /[.!?…]$/u.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
