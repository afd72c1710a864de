/** Keeps the keyboard inside a dialog while it is open, and gives the focus back when it closes. */
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

const focusable =
  'button:not([disabled]), [href], input:not([disabled]), textarea:not([disabled]), select, [tabindex="0"]';

export function useFocusTrap(dialog: RefObject<HTMLElement | null>, key: unknown): void {
  useLayoutEffect(() => {
    const before = document.activeElement;
    const box = dialog.current;
    if (!box) return;
    const first = box.querySelector<HTMLElement>(
      '.dialog-body input, .dialog-body textarea, .dialog-body button, .button-primary, .button-danger-solid',
    );
    (first ?? box.querySelector<HTMLElement>(focusable) ?? box).focus();
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Tab') return;
      const all = [...box.querySelectorAll<HTMLElement>(focusable)].filter(
        (one) => one.offsetParent !== null,
      );
      const edge = event.shiftKey ? all[0] : all.at(-1);
      if (document.activeElement !== edge) return;
      event.preventDefault();
      (event.shiftKey ? all.at(-1) : all[0])?.focus();
    };
    box.addEventListener('keydown', onKeyDown);
    return () => {
      box.removeEventListener('keydown', onKeyDown);
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [key]);
}
