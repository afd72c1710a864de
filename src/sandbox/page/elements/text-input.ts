/** Text fields: plain (one line or many), e-mail, address, number. What is typed is sent in short breaths. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { html, type VNode } from '../html.ts';
import { useSurface } from './surface.ts';
import { type ElementProps, fieldAttributes, placeholderOf, useElement } from './use-element.ts';

/** Long enough to gather a word, short enough that an `on_character_entered` feels live. */
const typingPauseMs = 150;

export function TextElement(props: ElementProps): VNode {
  const { element, field } = props;
  const { set, setting } = useElement(props);
  const { unsent } = useSurface();
  const remote = String(setting.value ?? '');
  const [text, setText] = useState(remote);
  const held = useRef<{ text: string; timer: ReturnType<typeof setTimeout> } | undefined>(undefined);

  useEffect(() => {
    if (!held.current) setText(remote);
  }, [remote]);

  const sendHeld = async (enter = false) => {
    const waiting = held.current;
    held.current = undefined;
    clearTimeout(waiting?.timer);
    if (waiting || enter) await set((waiting?.text ?? text) || null, { enter });
  };
  // Registered once; the ref always holds the newest way to send.
  const newest = useRef(sendHeld);
  newest.current = sendHeld;
  useEffect(() => unsent.join(() => newest.current()), [unsent]);

  const onInput = (event: Event) => {
    const { value } = event.currentTarget as HTMLInputElement | HTMLTextAreaElement;
    setText(value);
    clearTimeout(held.current?.timer);
    held.current = { text: value, timer: setTimeout(() => void newest.current(), typingPauseMs) };
  };
  const isMultiline = element.multiline === true;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.isComposing || !field?.dispatches || event.shiftKey) return;
    // Enter belongs to the app here, not to the form's submit button.
    event.preventDefault();
    void sendHeld(true);
  };

  const shared = {
    class: `input ${isMultiline ? 'input-multiline' : ''}`,
    ...fieldAttributes(field, placeholderOf(element) || 'Text'),
    placeholder: placeholderOf(element),
    value: text,
    onInput,
    onKeyDown,
    onBlur: () => void sendHeld(),
  };
  const max = typeof element.max_length === 'number' ? element.max_length : undefined;
  const left = max === undefined ? undefined : max - [...text].length;
  const counter =
    left !== undefined &&
    text !== '' &&
    left < 20 &&
    html`<small class=${`counter ${left < 0 ? 'counter-over' : ''}`} aria-live="polite">${left}</small>`;
  if (isMultiline)
    return html`<div class="input-wrap"><textarea rows="4" ...${shared}></textarea>${counter}</div>`;
  return html`<div class="input-wrap">
    <input type="text" inputmode=${inputModes[element.type] ?? 'text'} autocomplete="off" ...${shared} />${counter}
  </div>`;
}

/** `type` stays `text`: the box must see what was typed, and judge it in Slack's words. */
const inputModes: Readonly<Record<string, string>> = {
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'decimal',
};
