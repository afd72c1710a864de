/** Draws one interactive element. Which types it knows is said in blocks/surfaces.ts. */
import { Placeholder } from '../blocks/placeholder.ts';
import { html, type VNode } from '../html.ts';
import { ButtonElement } from './button.ts';
import { Choices } from './choices.ts';
import { DateElement, DateTimeElement, TimeElement } from './dates.ts';
import { ExternalSelect, StaticSelect } from './option-selects.ts';
import { Overflow } from './overflow.ts';
import { TextElement } from './text-input.ts';
import type { ElementProps } from './use-element.ts';
import { WorkspaceSelect } from './workspace-select.ts';

export function Element(props: ElementProps): VNode {
  switch (props.element.type) {
    case 'button':
      return html`<${ButtonElement} ...${props} />`;
    case 'overflow':
      return html`<${Overflow} ...${props} />`;
    case 'static_select':
    case 'multi_static_select':
      return html`<${StaticSelect} ...${props} />`;
    case 'external_select':
    case 'multi_external_select':
      return html`<${ExternalSelect} ...${props} />`;
    case 'users_select':
    case 'multi_users_select':
    case 'conversations_select':
    case 'multi_conversations_select':
    case 'channels_select':
    case 'multi_channels_select':
      return html`<${WorkspaceSelect} ...${props} />`;
    case 'checkboxes':
    case 'radio_buttons':
      return html`<${Choices} ...${props} />`;
    case 'datepicker':
      return html`<${DateElement} ...${props} />`;
    case 'timepicker':
      return html`<${TimeElement} ...${props} />`;
    case 'datetimepicker':
      return html`<${DateTimeElement} ...${props} />`;
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return html`<${TextElement} ...${props} />`;
    default:
      return html`<${Placeholder} what=${props.element.type} />`;
  }
}
