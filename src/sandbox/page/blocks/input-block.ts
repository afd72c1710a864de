/** An input with its label, hint and error, tied together for everybody who cannot see that they stand close. */
import type { InputBlock as Input } from '@slack/types';
import { useId } from 'preact/hooks';
import { Element } from '../elements/element.ts';
import { useSurface } from '../elements/surface.ts';
import type { Field } from '../elements/use-element.ts';
import { html, type VNode } from '../html.ts';
import { withEmoji } from '../text/emoji.ts';

export function InputBlock({ block }: { block: Input }): VNode {
  const id = useId();
  const { errors } = useSurface();
  const blockId = block.block_id ?? '';
  const error = errors[blockId];
  const describedBy = [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(' ');
  const field: Field = {
    inputId: `${id}-input`,
    labelId: `${id}-label`,
    describedBy: describedBy || undefined,
    isInvalid: error !== undefined,
    dispatches: block.dispatch_action === true,
  };
  return html`<div class=${`block-input ${error ? 'has-error' : ''}`} data-block-id=${blockId}>
    <label id=${field.labelId} for=${field.inputId}>
      ${withEmoji(block.label.text)}${block.optional && html`<span class="optional"> (optional)</span>`}
    </label>
    <${Element} key=${actionIdOf(block)} element=${block.element} blockId=${blockId} field=${field} />
    ${error && html`<p class="field-error" id=${`${id}-error`} role="alert">${error}</p>`}
    ${block.hint && html`<p class="field-hint" id=${`${id}-hint`}>${withEmoji(block.hint.text)}</p>`}
  </div>`;
}

/** A new action id is a new input: it must not inherit what was typed into the old one. */
function actionIdOf(block: Input): string {
  return block.element.action_id ?? '';
}
