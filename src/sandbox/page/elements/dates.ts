/** Date, time, and both. The browser's own pickers: they know keyboards, screen readers and phones. */
import { useScreen } from '../data/screen.ts';
import { html, type VNode } from '../html.ts';
import { type ElementProps, fieldAttributes, placeholderOf, useElement } from './use-element.ts';
import { secondsOfWallTime, wallTimeOf } from './wall-time.ts';

export function DateElement(props: ElementProps): VNode {
  const { set, setting, isBusy } = useElement(props);
  return html`<input
    type="date"
    class="input input-date"
    ...${fieldAttributes(props.field, placeholderOf(props.element) || 'Date')}
    value=${setting.value ?? ''}
    disabled=${isBusy}
    onChange=${(event: Event) => {
      const { value } = event.currentTarget as HTMLInputElement;
      if (!isHalfTyped(value)) void set(value || null);
    }}
  />`;
}

export function TimeElement(props: ElementProps): VNode {
  const { set, setting, isBusy } = useElement(props);
  const zone = typeof props.element.timezone === 'string' ? props.element.timezone : undefined;
  return html`<span class="input-with-note">
    <input
      type="time"
      class="input input-time"
      ...${fieldAttributes(props.field, placeholderOf(props.element) || 'Time')}
      value=${setting.value ?? ''}
      disabled=${isBusy}
      onChange=${(event: Event) => void set((event.currentTarget as HTMLInputElement).value || null)}
    />
    ${zone && html`<small>${zone}</small>`}
  </span>`;
}

export function DateTimeElement(props: ElementProps): VNode {
  const { set, setting, isBusy } = useElement(props);
  const { timeZone } = useScreen().view.me;
  const shown = typeof setting.value === 'number' ? wallTimeOf(setting.value, timeZone) : '';
  return html`<span class="input-with-note">
    <input
      type="datetime-local"
      class="input input-datetime"
      ...${fieldAttributes(props.field, 'Date and time')}
      value=${shown}
      disabled=${isBusy}
      onChange=${(event: Event) => {
        const { value } = event.currentTarget as HTMLInputElement;
        if (!isHalfTyped(value)) void set(value === '' ? null : secondsOfWallTime(value, timeZone));
      }}
    />
    <small>${timeZone}</small>
  </span>`;
}

/** While 2026 is typed, the browser reports the years 2, 20 and 202 on the way. */
function isHalfTyped(value: string): boolean {
  return value !== '' && Number(value.slice(0, 4)) < 1900;
}
