/** A reader that stumbles must not end the watching of a file: an edit that mends it would never be seen. */
import type { Read } from './document.ts';

/** @param file as people know it. */
export function readSafely<Value>(file: string, read: () => Read<Value>): Read<Value> {
  try {
    return read();
  } catch (error) {
    return { ok: false, mistakes: [{ file, line: 1, column: 1, message: unreadable(error) }] };
  }
}

/** In a sentence: why a file cannot be read. */
export function unreadable(error: unknown): string {
  return `The file cannot be read: ${reasonOf(error)}.`;
}

/** What the system says of a file or a folder, without its path. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error && error.message.split(',')[0]) || 'unknown';
}
