/** The modal that asks for what some yeses need: a sentence, a code, or both. Pure. */
import type { InputBlock, ModalView } from '@slack/types';
import { inline, plain, section } from '../blocks.ts';
import { maxOf } from '../limits.ts';
import { codeBlock, codeInput, codeMistake, typedCode } from './code-input.ts';
import { readReason, reasonBlock, reasonInput, reasonMistake } from './deny-form.ts';
import { type DenyMetadata, writeMetadata } from './metadata.ts';
import type { ViewState } from './read-state.ts';

export const approveCallback = 'approve.submit';

export interface YesNeeds {
  readonly note: boolean;
  readonly code: boolean;
}

/** `phrase`: what it lets happen, which whoever types a code there wants to read once more. */
export function approveView(metadata: DenyMetadata, phrase: string | undefined, needs: YesNeeds): ModalView {
  const what = phrase === undefined ? '' : `${metadata.id}: ${inline(phrase, 500)}\n`;
  return {
    type: 'modal',
    callback_id: approveCallback,
    private_metadata: writeMetadata(metadata),
    title: plain(`Approve ${metadata.id}`, maxOf('viewTitle')),
    submit: plain('Approve', maxOf('viewButton')),
    close: plain('Not now', maxOf('viewButton')),
    blocks: [section(`${what}${wordsFor(needs)}`), ...inputsFor(needs)],
  };
}

/** What was written, and what is wrong with it by block; fields that the form did not show are absent. */
export function readApproval(state: ViewState): {
  readonly note?: string;
  readonly code?: string;
  readonly mistakes: Readonly<Record<string, string>>;
} {
  const note = state.values[reasonBlock] === undefined ? undefined : readReason(state);
  const code = typedCode(state);
  const [wrongNote, wrongCode] = [
    note === undefined ? undefined : reasonMistake(note),
    code === undefined ? undefined : codeMistake(code),
  ];
  return {
    ...(note === undefined ? {} : { note }),
    ...(code === undefined ? {} : { code: code.replaceAll(/\s/g, '') }),
    mistakes: {
      ...(wrongNote === undefined ? {} : { [reasonBlock]: wrongNote }),
      ...(wrongCode === undefined ? {} : { [codeBlock]: wrongCode }),
    },
  };
}

function wordsFor({ note, code }: YesNeeds): string {
  const wanted = [...(note ? ['a sentence'] : []), ...(code ? ['a code of your authenticator app'] : [])];
  const kept = note ? ' The sentence is kept with the request.' : '';
  return `The guardrails want ${wanted.join(' and ')} with this yes.${kept}`;
}

export function inputsFor({ note, code }: YesNeeds): InputBlock[] {
  return [
    ...(note ? [reasonInput({ label: 'Comment', hint: 'What did you look at, or why may it run?' })] : []),
    ...(code ? [codeInput()] : []),
  ];
}
