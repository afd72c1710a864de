/** Files that were not written to their end: of YAML the beginning is often a good document, and says something else. */
import type { Mistake, Source } from './document.ts';

/** A full disk leaves what fitted, which ends within a line more often than not; an editor ends its last one. */
export function cutShort({ file, text }: Source): Mistake | undefined {
  if (text === '' || text.endsWith('\n')) return undefined;
  const lines = text.split('\n');
  return {
    ...{ file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 },
    message:
      'The file ends within a line, as if it were cut short: look whether all is there, and end the last line.',
  };
}
