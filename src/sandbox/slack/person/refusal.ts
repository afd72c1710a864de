/** A "no" that a person sees: a code for scripts and the sentence on the screen. */
import type { ConfirmDialog } from '../../protocol.ts';

export class Refusal extends Error {
  readonly code: string;
  readonly confirm: ConfirmDialog | undefined;

  constructor(code: string, message: string, confirm?: ConfirmDialog) {
    super(message);
    this.code = code;
    this.confirm = confirm;
  }
}
