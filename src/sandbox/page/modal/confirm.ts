/** The confirm dialog that an app can put before a button. */
import { useCallback, useRef, useState } from 'preact/hooks';
import type { ConfirmDialog } from '../../protocol.ts';
import { useFocusTrap } from '../app/focus-trap.ts';
import { html, type VNode } from '../html.ts';
import { MrkdwnText } from '../text/mrkdwn-text.ts';

interface Asking {
  readonly dialog: ConfirmDialog;
  readonly answer: (yes: boolean) => void;
}

/** `ask` shows the dialog and resolves with what the person chose. */
export function useConfirm() {
  const [asking, setAsking] = useState<Asking | undefined>(undefined);
  const ask = useCallback(
    (dialog: ConfirmDialog) =>
      new Promise<boolean>((resolve) => {
        setAsking({
          dialog,
          answer: (yes) => {
            setAsking(undefined);
            resolve(yes);
          },
        });
      }),
    [],
  );
  return { asking, ask };
}

export function ConfirmBox({ asking }: { asking: Asking }): VNode {
  const { dialog, answer } = asking;
  const box = useRef<HTMLDivElement>(null);
  useFocusTrap(box, dialog);
  const look = dialog.style === 'danger' ? 'button-danger-solid' : 'button-primary';
  return html`<div class="scrim scrim-confirm">
    <div
      ref=${box}
      class="dialog dialog-small"
      role="alertdialog"
      aria-modal="true"
      aria-label=${dialog.title}
      onKeyDown=${(event: KeyboardEvent) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        answer(false);
      }}
    >
      <h2 class="dialog-title">${dialog.title}</h2>
      <div class="dialog-body"><${MrkdwnText} text=${dialog.text} /></div>
      <div class="dialog-buttons">
        <button type="button" class="button" onClick=${() => answer(false)}>${dialog.deny}</button>
        <button type="button" class=${`button ${look}`} onClick=${() => answer(true)}>${dialog.confirm}</button>
      </div>
    </div>
  </div>`;
}
