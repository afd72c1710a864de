/** What the platform team reads in its channel of an edit that is not in force, and of its mending. Pure. */
import { bold, context, inline, linesWithin, type SlackMessage, section } from './blocks.ts';

/** A file of `data/`, or a folder of them, with what is wrong with it now. */
export interface EditedFile {
  readonly file: string;
  /** `data/policy.yml:4:15 ...`, top to bottom; none when it is in force. */
  readonly mistakes: readonly string[];
}

const mistakesMax = 8;

export function editNotice({ file, mistakes }: EditedFile): SlackMessage {
  const name = inline(file, 200);
  if (mistakes.length === 0) {
    const line = `✓ ${bold(file, 200)} is in force again as it was edited.`;
    return { text: `The file ${name} is in force again as it was edited.`, blocks: [section(line)] };
  }
  const lines = mistakes.map((mistake) => `• ${inline(mistake, 400)}`);
  const list = linesWithin(lines, mistakesMax, (left) => `and ${left} more`, 2700);
  const told = `The file ${name} was edited, and the edit is not in force: the version before it still is.`;
  return {
    text: told,
    blocks: [
      section(
        `⚠️ ${bold(file, 200)} was edited, and the edit is not in force: the version before it still is.`,
      ),
      section(list),
      context(`Whoever edited it: mend it, and it is read within seconds. ${howToCheck(file)}`),
    ],
  };
}

function howToCheck(file: string): string {
  return file.endsWith('policy.yml')
    ? 'To see it before: `greenlight policy check`.'
    : 'Nothing has to be restarted.';
}
