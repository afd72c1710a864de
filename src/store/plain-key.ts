/**
 * A key as every database gives it back: with it several rows are asked for at once, and told apart by it. Half a
 * character and the one of no meaning come back as others, and PostgreSQL takes none of the latter.
 */
export function plainKey(key: string): string {
  return key.toWellFormed().replaceAll('\0', '\ufffd');
}
