/** Emoji by the names that Slack knows them by (`:rocket:`), as the page draws them. */
import { search } from 'node-emoji';

/** Names that Slack uses and the emoji library does not. */
const slackNames: Readonly<Record<string, string>> = {
  large_green_circle: '🟢',
  large_yellow_circle: '🟡',
  large_orange_circle: '🟠',
  large_red_circle: '🔴',
  large_blue_circle: '🔵',
  large_purple_circle: '🟣',
  large_brown_circle: '🟤',
  red_circle: '🔴',
  large_green_square: '🟩',
  large_yellow_square: '🟨',
  large_red_square: '🟥',
  exclamation: '❗',
  thumbsup: '👍',
  thumbsdown: '👎',
  male_technologist: '👨‍💻',
  female_technologist: '👩‍💻',
  slack: '💬',
};

let known: Readonly<Record<string, string>> | undefined;

/** The whole map, name without colons to character. */
export function emojiByName(): Readonly<Record<string, string>> {
  known ??= {
    ...Object.fromEntries(search(/./).map(({ name, emoji }) => [name, emoji])),
    ...slackNames,
  };
  return known;
}
