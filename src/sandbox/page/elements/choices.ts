/** Checkboxes and radio buttons, with the descriptions of their options. */
import { useId } from 'preact/hooks';
import type { SlackOption } from '../../protocol.ts';
import { html, type VNode } from '../html.ts';
import { InlineTextObject } from '../text/plain-text.ts';
import { type ElementProps, useElement } from './use-element.ts';
import { valuesOf } from './value.ts';

export function Choices(props: ElementProps): VNode {
  const { set, setting, isBusy } = useElement(props);
  const name = useId();
  const { element, field } = props;
  const isRadio = element.type === 'radio_buttons';
  const options = element.options as readonly SlackOption[];
  const chosen = valuesOf(setting);

  const toggle = (option: SlackOption) => {
    if (isRadio) return void set(option.value, { chosen: [option] });
    const values = chosen.includes(option.value)
      ? chosen.filter((value) => value !== option.value)
      : [...chosen, option.value];
    void set(values, { chosen: options.filter(({ value }) => values.includes(value)) });
  };

  return html`<div
    class="choices"
    role=${isRadio ? 'radiogroup' : 'group'}
    id=${field?.inputId}
    aria-labelledby=${field?.labelId}
    aria-label=${field ? undefined : 'Options'}
    aria-describedby=${field?.describedBy}
  >
    ${options.map(
      (option) => html`<label class="choice" key=${option.value}>
        <input
          type=${isRadio ? 'radio' : 'checkbox'}
          name=${name}
          checked=${chosen.includes(option.value)}
          disabled=${isBusy}
          onChange=${() => toggle(option)}
        />
        <span>
          <${InlineTextObject} object=${option.text} />
          ${option.description && html`<small><${InlineTextObject} object=${option.description} /></small>`}
        </span>
      </label>`,
    )}
  </div>`;
}
