/** Who is in a group, in words: the first few by name, the rest by number. */
import type { ReadContext } from '../../core/action.ts';
import { listOf } from '../../core/text.ts';

/** More would not be read, and each name is a question to the directory: a team may have hundreds. */
const namesShownMax = 5;

/** `Priya Patel, Max Brandt and 298 more`; nothing for nobody. */
export async function someNames(
  emails: readonly string[],
  { nameOf }: Pick<ReadContext, 'nameOf'>,
): Promise<string> {
  // "And 1 more" takes as much room as the name.
  const shown = emails.length <= namesShownMax + 1 ? emails : emails.slice(0, namesShownMax);
  const names = await Promise.all(shown.map((email) => nameOf(email)));
  const more = emails.length - shown.length;
  return listOf(more === 0 ? names : [...names, `${more} more`]);
}
