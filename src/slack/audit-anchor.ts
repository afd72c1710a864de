/** A checkpoint of the audit as a message: what it is for, and the line that `greenlight audit verify --anchor` finds. Pure. */
import { context, preformatted, type SlackMessage, section } from './blocks.ts';

/** @param line canonical JSON: no person has written anything in it. */
export function anchorMessage(line: string, position: number): SlackMessage {
  const told = `Checkpoint of the audit, up to event ${position}.`;
  return {
    text: told,
    blocks: [
      section(told),
      ...preformatted([line]),
      context(
        'Leave it here: copied into a file, it shows whoever verifies an export that nothing before it was deleted or written anew.',
      ),
    ],
  };
}
