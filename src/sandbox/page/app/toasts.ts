/** Short words in a corner that go away by themselves. */
import { useCallback, useRef, useState } from 'preact/hooks';
import { html, type VNode } from '../html.ts';
import { Icon } from './icon.ts';

export type ToastTone = 'plain' | 'problem';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: ToastTone;
}

const shownMs = 6_000;

export function useToasts() {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const lastId = useRef(0);
  const dismiss = useCallback((id: number) => {
    setToasts((before) => before.filter((toast) => toast.id !== id));
  }, []);
  const toast = useCallback((text: string, tone: ToastTone = 'plain') => {
    lastId.current += 1;
    const id = lastId.current;
    // The same words twice say nothing more.
    setToasts((before) => [...before.filter((one) => one.text !== text), { id, text, tone }].slice(-3));
    setTimeout(() => dismiss(id), shownMs);
  }, []);
  return { toasts, toast, dismiss };
}

interface Props {
  readonly toasts: readonly Toast[];
  readonly onDismiss: (id: number) => void;
}

export function Toasts({ toasts, onDismiss }: Props): VNode {
  return html`<div class="toasts" role="status" aria-live="polite">
    ${toasts.map(
      ({ id, text, tone }) => html`<div class=${`toast toast-${tone}`} key=${id}>
        <span>${text}</span>
        <button type="button" class="icon-button" aria-label="Dismiss" onClick=${() => onDismiss(id)}><${Icon} name="close" /></button>
      </div>`,
    )}
  </div>`;
}
