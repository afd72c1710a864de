/** Which entries of the journal are worth a second look. Pure. */
import type { JournalEntry } from '../../protocol.ts';

/** An HTTP error, an answer of `ok: false`, an envelope nobody took, or a fault on purpose. */
export function isProblem({ outcome, response, fault }: JournalEntry): boolean {
  const refused =
    typeof response === 'object' && response !== null && 'ok' in response && response.ok === false;
  return refused || fault !== undefined || /^[45]\d\d/.test(outcome) || /unacked|refused|lost/.test(outcome);
}
