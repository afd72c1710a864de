/** The top modal of a person's stack, over that person's pane only. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ModalView } from '../../protocol.ts';
import { useFocusTrap } from '../app/focus-trap.ts';
import { Icon } from '../app/icon.ts';
import { Blocks } from '../blocks/blocks.ts';
import { useScreen } from '../data/screen.ts';
import { createUnsentTexts, SurfaceProvider } from '../elements/surface.ts';
import { html, type VNode } from '../html.ts';

export function Modals({ modals }: { modals: readonly ModalView[] }): VNode | null {
  const top = modals.at(-1);
  return top ? html`<${Modal} key=${top.id} modal=${top} depth=${modals.length} />` : null;
}

function Modal({ modal, depth }: { modal: ModalView; depth: number }): VNode {
  const { act } = useScreen();
  const box = useRef<HTMLFormElement>(null);
  const unsent = useMemo(createUnsentTexts, [modal.id]);
  const [isSending, setIsSending] = useState(false);
  useFocusTrap(box, modal.id);

  const isBusy = modal.busy || isSending;
  const close = (all: boolean) => void act({ do: 'close', modal: modal.id, all });
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy || modal.submit === undefined) return;
    setIsSending(true);
    await unsent.sendAll();
    // What went wrong comes back with the modal itself: at its fields, or as its problem.
    await act({ do: 'submit', modal: modal.id }, { quiet: true });
    setIsSending(false);
  };

  const errorKey = JSON.stringify(modal.errors);
  useEffect(() => {
    box.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errorKey]);

  const surface = { place: { modal: modal.id }, state: modal.state, errors: modal.errors, unsent };
  return html`<div class="scrim">
    <form
      ref=${box}
      class=${`dialog dialog-modal depth-${depth}`}
      role="dialog"
      aria-modal="true"
      aria-labelledby=${`${modal.id}-title`}
      aria-busy=${isBusy}
      novalidate
      tabindex="-1"
      onSubmit=${submit}
      onKeyDown=${(event: KeyboardEvent) => event.key === 'Escape' && close(false)}
    >
      <header class="dialog-head">
        <h2 class="dialog-title" id=${`${modal.id}-title`}>${modal.title}</h2>
        <button type="button" class="icon-button" aria-label="Close all" title="Close" onClick=${() => close(true)}><${Icon} name="close" /></button>
      </header>
      ${modal.problem && html`<p class="dialog-problem" role="alert">${modal.problem}</p>`}
      <div class="dialog-body">
        <${SurfaceProvider} value=${surface}><${Blocks} blocks=${modal.blocks} /></${SurfaceProvider}>
      </div>
      <footer class="dialog-buttons">
        <button type="button" class="button" onClick=${() => close(false)}>${modal.close}</button>
        ${
          modal.submit !== undefined &&
          html`<button type="submit" class=${`button button-primary ${isBusy ? 'is-busy' : ''}`} disabled=${isBusy}>${modal.submit}</button>`
        }
      </footer>
    </form>
  </div>`;
}
