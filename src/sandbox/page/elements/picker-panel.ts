/** The open list of a picker. */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { SlackOption } from '../../protocol.ts';
import { html, type VNode } from '../html.ts';
import { InlineTextObject } from '../text/plain-text.ts';
import type { OptionGroup } from './picker.ts';
import { placeNear } from './place-near.ts';

interface Props {
  readonly id: string;
  readonly anchor: RefObject<HTMLElement | null>;
  readonly groups: readonly OptionGroup[];
  readonly chosen: readonly SlackOption[];
  readonly isMulti: boolean;
  readonly onQuery?: ((query: string) => void) | undefined;
  readonly status?: string | undefined;
  readonly onChoose: (option: SlackOption) => void;
  readonly onClose: (returnFocus: boolean) => void;
}

export function PickerPanel(props: Props): VNode {
  const { id, anchor, chosen, onQuery, onChoose, onClose } = props;
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const panel = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);

  const groups = onQuery ? props.groups : filterGroups(props.groups, query);
  const options = groups.flatMap((group) => group.options);
  const current = Math.min(active, Math.max(options.length - 1, 0));

  useLayoutEffect(() => {
    if (panel.current && anchor.current) placeNear(panel.current, anchor.current);
    search.current?.focus();
  }, []);
  useEffect(() => {
    const leave = (event: Event) => {
      const target = event.target as Node;
      if (!panel.current?.contains(target) && !anchor.current?.contains(target)) onClose(false);
    };
    document.addEventListener('pointerdown', leave);
    return () => document.removeEventListener('pointerdown', leave);
  }, []);
  useEffect(() => {
    panel.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const onKeyDown = (event: KeyboardEvent) => {
    const option = options[current];
    if (event.key === 'ArrowDown') setActive(Math.min(current + 1, options.length - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(current - 1, 0));
    else if (event.key === 'Enter' && option) onChoose(option);
    else if (event.key === 'Escape') onClose(true);
    else if (event.key === 'Tab') return onClose(false);
    else return;
    event.preventDefault();
    // Esc closes the list only, not the modal around it.
    event.stopPropagation();
  };

  let index = -1;
  return html`<div class="panel" popover="manual" ref=${panel} onKeyDown=${onKeyDown}>
    <input
      ref=${search}
      type="text"
      class="input panel-search"
      role="searchbox"
      aria-label="Search options"
      aria-controls=${id}
      aria-activedescendant=${options[current] ? `${id}-${current}` : undefined}
      placeholder="Search"
      autocomplete="off"
      value=${query}
      onInput=${(event: Event) => {
        const { value } = event.currentTarget as HTMLInputElement;
        setQuery(value);
        setActive(0);
        onQuery?.(value);
      }}
    />
    <div role="listbox" id=${id} class="panel-list" aria-label="Options" aria-multiselectable=${props.isMulti}>
      ${props.status && html`<p class="panel-status" role="status">${props.status}</p>`}
      ${!props.status && options.length === 0 && html`<p class="panel-status" role="status">No results</p>`}
      ${
        !props.status &&
        groups.map(
          (group) => html`<div role="group" aria-label=${group.label || undefined}>
            ${group.label && html`<div class="panel-group">${group.label}</div>`}
            ${group.options.map((option) => {
              index += 1;
              const at = index;
              const isChosen = chosen.some(({ value }) => value === option.value);
              return html`<div
                key=${option.value}
                role="option"
                id=${`${id}-${at}`}
                class="panel-option"
                aria-selected=${isChosen}
                aria-current=${at === current ? 'true' : undefined}
                onPointerDown=${(event: Event) => event.preventDefault()}
                onPointerMove=${() => setActive(at)}
                onClick=${() => onChoose(option)}
              >
                <span class="panel-check" aria-hidden="true">${isChosen ? '✓' : ''}</span>
                <span>
                  <${InlineTextObject} object=${option.text} />
                  ${option.description && html`<small><${InlineTextObject} object=${option.description} /></small>`}
                </span>
              </div>`;
            })}
          </div>`,
        )
      }
    </div>
  </div>`;
}

function filterGroups(groups: readonly OptionGroup[], query: string): readonly OptionGroup[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return groups;
  return groups
    .map((group) => ({
      label: group.label,
      options: group.options.filter(({ text }) => text.text.toLowerCase().includes(wanted)),
    }))
    .filter((group) => group.options.length > 0);
}
