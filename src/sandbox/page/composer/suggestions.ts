/** What the composer offers while one types: slash commands, people, groups, channels. */
import type { PersonView, SlashCommandView } from '../../protocol.ts';
import { html, type VNode } from '../html.ts';
import { wordAtCursor } from './word-at-cursor.ts';

export interface Suggestion {
  readonly key: string;
  readonly title: string;
  readonly hint: string;
  readonly detail: string;
  /** The text after choosing it, and where the cursor then stands. */
  readonly text: string;
  readonly cursor: number;
}

const suggestionsMax = 8;

/** `commands` are those that the box offered, perhaps for a shorter line: its next answer is on its way. Pure. */
export function suggest(
  text: string,
  cursor: number,
  view: PersonView,
  commands: readonly SlashCommandView[],
): readonly Suggestion[] {
  const typedCommand = /^\/\S*$/.exec(text.slice(0, cursor))?.[0];
  if (typedCommand !== undefined) {
    const fitting = commands.filter(({ command }) => command.startsWith(typedCommand.toLowerCase()));
    return fitting.slice(0, suggestionsMax).map(({ command, usageHint, description }) => ({
      key: command,
      title: command,
      hint: usageHint,
      detail: description,
      text: `${command} `,
      cursor: command.length + 1,
    }));
  }
  const word = wordAtCursor(text, cursor);
  if (!word || (word.query === '' && word.mark === '#')) return [];
  const wanted = word.query.toLowerCase();
  const matches = (...names: string[]) => names.some((name) => name.toLowerCase().startsWith(wanted));
  const entry = (key: string, name: string, detail: string): Suggestion => {
    const before = `${text.slice(0, word.start)}${word.mark}${name} `;
    const after = text.slice(cursor).replace(/^ /, '');
    return {
      key,
      title: `${word.mark}${name}`,
      hint: '',
      detail,
      text: before + after,
      cursor: before.length,
    };
  };
  const found =
    word.mark === '#'
      ? view.channels
          .filter(({ kind, name }) => kind !== 'im' && matches(name))
          .map(({ id, name, topic }) => entry(id, name, topic))
      : [
          ...view.people
            .filter(
              ({ kind, name, realName }) => kind !== 'deactivated' && matches(name, ...realName.split(' ')),
            )
            .map(({ id, name, realName }) => entry(id, name, realName)),
          ...view.groups
            .filter(({ handle }) => matches(handle))
            .map(({ id, handle, name }) => entry(id, handle, name)),
        ];
  return found.slice(0, suggestionsMax);
}

interface Props {
  readonly id: string;
  readonly suggestions: readonly Suggestion[];
  readonly active: number;
  readonly onActive: (index: number) => void;
  readonly onChoose: (suggestion: Suggestion) => void;
}

export function SuggestionList({ id, suggestions, active, onActive, onChoose }: Props): VNode {
  return html`<div class="suggestions" role="listbox" id=${id} aria-label="Suggestions">
    ${suggestions.map(
      (suggestion, index) => html`<div
        key=${suggestion.key}
        id=${`${id}-${index}`}
        role="option"
        class="suggestion"
        aria-selected=${index === active}
        onPointerMove=${() => onActive(index)}
        onPointerDown=${(event: Event) => {
          // The text field keeps the focus.
          event.preventDefault();
          onChoose(suggestion);
        }}
      >
        <span class="suggestion-title">${suggestion.title}</span>
        ${suggestion.hint && html`<code class="suggestion-hint">${suggestion.hint}</code>`}
        <span class="suggestion-detail">${suggestion.detail}</span>
      </div>`,
    )}
    <div class="suggestions-keys" aria-hidden="true"><kbd>↑</kbd><kbd>↓</kbd> choose <kbd>Tab</kbd> take <kbd>Esc</kbd> close</div>
  </div>`;
}
