/**
 * The modal that shows somebody a key for their authenticator app, once. A modal and no message, and no picture: those
 * stay in Slack, its exports and its search (decisions/0011). Pure.
 */
import type { ModalView } from '@slack/types';
import type { NewKey } from '../../core/codes.ts';
import { context, plain, section } from '../blocks.ts';
import { maxOf } from '../limits.ts';
import { codeBlock, codeInput, codeMistake, typedCode } from './code-input.ts';
import type { ViewState } from './read-state.ts';

export const enrolCallback = 'code.enrol';
export const oldCodeBlock = 'old_code';

const ofNewKey = {
  label: 'Code of the new key',
  hint: 'The six digits that your app shows once it has the key.',
};
const ofOldKey = {
  label: 'Code of the old key',
  hint: 'So that nobody but you can replace it. If it is lost, ask a platform lead to reset it.',
};

export function enrolView({ key, address, replaces }: NewKey): ModalView {
  return {
    type: 'modal',
    callback_id: enrolCallback,
    title: plain('Second factor', maxOf('viewTitle')),
    submit: plain('Set up', maxOf('viewButton')),
    close: plain('Not now', maxOf('viewButton')),
    blocks: [
      section(
        `Add an account to your authenticator app with this key, by hand and time-based:\n\`${inFours(key)}\``,
      ),
      context(`The same as an address, for apps that read one: \`${address}\``),
      context('It is shown this once. Whoever sees it can make your codes, so keep it to yourself.'),
      codeInput(ofNewKey),
      ...(replaces ? [codeInput(ofOldKey, oldCodeBlock)] : []),
    ],
  };
}

/** What was typed, and what is wrong with it by block. */
export function readEnrolment(state: ViewState): {
  readonly code: string;
  readonly oldCode: string | undefined;
  readonly mistakes: Readonly<Record<string, string>>;
} {
  const digits = (text: string | undefined) => text?.replaceAll(/\s/g, '');
  const code = typedCode(state) ?? '';
  const old = typedCode(state, oldCodeBlock);
  const wrong = [
    [codeBlock, codeMistake(code)] as const,
    [oldCodeBlock, old === undefined ? undefined : codeMistake(old)] as const,
  ];
  const mistakes = wrong.flatMap(([block, text]) => (text === undefined ? [] : [[block, text] as const]));
  return { code: digits(code) ?? '', oldCode: digits(old), mistakes: Object.fromEntries(mistakes) };
}

/** As people read it out and type it. */
function inFours(key: string): string {
  return key.replaceAll(/(.{4})(?=.)/g, '$1 ');
}
