/**
 * The list behind every select: a button that shows the choice, and a panel with a search field and options in
 * groups. Works with keys alone. The panel lies in the browser's top layer, so no modal or pane clips it.
 */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { SlackOption } from '../../protocol.ts';
import { html, type VNode } from '../html.ts';
import { InlineTextObject } from '../text/plain-text.ts';
import { PickerPanel } from './picker-panel.ts';

export interface OptionGroup {
  readonly label: string;
  readonly options: readonly SlackOption[];
}

interface Props {
  readonly groups: readonly OptionGroup[];
  readonly chosen: readonly SlackOption[];
  readonly isMulti: boolean;
  readonly maxChosen?: number | undefined;
  readonly placeholder: string;
  readonly isBusy: boolean;
  /** Id, description and label for the button. */
  readonly attributes: Record<string, unknown>;
  /** Set when the options come live: called with each search text; no filtering of our own then. */
  readonly onQuery?: ((query: string) => void) | undefined;
  /** Shown instead of options. */
  readonly status?: string | undefined;
  readonly onChoose: (chosen: readonly SlackOption[]) => void;
}

export function Picker(props: Props): VNode {
  const { chosen, isMulti, placeholder, attributes, isBusy } = props;
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const panelId = useId();

  const close = (returnFocus: boolean) => {
    setIsOpen(false);
    if (returnFocus) button.current?.focus();
  };
  const choose = (option: SlackOption) => {
    if (!isMulti) {
      props.onChoose([option]);
      return close(true);
    }
    const without = chosen.filter(({ value }) => value !== option.value);
    if (without.length < chosen.length) return props.onChoose(without);
    if (props.maxChosen !== undefined && chosen.length >= props.maxChosen) return;
    props.onChoose([...chosen, option]);
  };

  useEffect(() => {
    if (isOpen) props.onQuery?.('');
  }, [isOpen]);

  const single = isMulti ? undefined : chosen[0];
  return html`<div class=${`picker ${isMulti ? 'picker-multi' : ''}`}>
    ${
      isMulti &&
      chosen.map(
        (option) => html`<span class="chip" key=${option.value}>
          <${InlineTextObject} object=${option.text} />
          <button type="button" aria-label=${`Remove ${option.text.text}`} onClick=${() => choose(option)}>×</button>
        </span>`,
      )
    }
    <button
      ref=${button}
      type="button"
      role="combobox"
      class=${`picker-button ${isBusy ? 'is-busy' : ''}`}
      aria-haspopup="listbox"
      aria-expanded=${isOpen}
      aria-controls=${panelId}
      disabled=${isBusy}
      ...${attributes}
      onClick=${() => setIsOpen(!isOpen)}
      onKeyDown=${(event: KeyboardEvent) => {
        if (isOpen || !['ArrowDown', 'ArrowUp'].includes(event.key)) return;
        event.preventDefault();
        setIsOpen(true);
      }}
    >
      ${
        single
          ? html`<span class="picker-value"><${InlineTextObject} object=${single.text} /></span>`
          : html`<span class="picker-empty">${placeholder}</span>`
      }
      <span class="picker-arrow" aria-hidden="true"></span>
    </button>
    ${
      isOpen &&
      html`<${PickerPanel}
        id=${panelId}
        anchor=${button}
        groups=${props.groups}
        chosen=${chosen}
        isMulti=${isMulti}
        onQuery=${props.onQuery}
        status=${props.status}
        onChoose=${choose}
        onClose=${close}
      />`
    }
  </div>`;
}
