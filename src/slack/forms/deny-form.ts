/** The modals that ask for a sentence with an answer: why not, and what should change. Pure. */
import type { InputBlock, ModalView } from '@slack/types';
import { inline, plain, section } from '../blocks.ts';
import { maxOf } from '../limits.ts';
import { type DenyMetadata, writeMetadata } from './metadata.ts';
import type { ViewState } from './read-state.ts';

export const denyCallback = 'deny.submit';
export const changesCallback = 'changes.submit';
export const reasonBlock = 'reason';

/** Enough to say something, and what a reader may be asked to read. In characters. */
const reasonMin = 3;
const reasonMax = 1000;

export function denyView(metadata: DenyMetadata, phrase: string | undefined): ModalView {
  return answerView(metadata, phrase, {
    callback: denyCallback,
    verb: 'Deny',
    says: 'A no ends the request. The requester reads your reason.',
    label: 'Reason',
    hint: 'What would have to be different for a yes?',
  });
}

export function changesView(metadata: DenyMetadata, phrase: string | undefined): ModalView {
  return answerView(metadata, phrase, {
    callback: changesCallback,
    verb: 'Request changes',
    says: 'The request waits for its requester until they edit it, or you take this back. That is not a no.',
    label: 'What should change',
    hint: 'One sentence that the requester can act on.',
  });
}

interface AnswerWords {
  readonly callback: string;
  readonly verb: string;
  readonly says: string;
  readonly label: string;
  readonly hint: string;
}

function answerView(
  metadata: DenyMetadata,
  phrase: string | undefined,
  { callback, verb, says, label, hint }: AnswerWords,
): ModalView {
  const what = phrase === undefined ? metadata.id : `${metadata.id}: ${inline(phrase, 500)}`;
  return {
    type: 'modal',
    callback_id: callback,
    private_metadata: writeMetadata(metadata),
    title: plain(verb === 'Deny' ? `${verb} ${metadata.id}` : verb, maxOf('viewTitle')),
    submit: plain(verb, maxOf('viewButton')),
    close: plain('Not now', maxOf('viewButton')),
    blocks: [section(`${what}\n${says}`), reasonInput({ label, hint })],
  };
}

export function reasonInput({ label, hint }: Pick<AnswerWords, 'label' | 'hint'>): InputBlock {
  return {
    type: 'input',
    block_id: reasonBlock,
    label: plain(label),
    hint: plain(hint),
    element: {
      type: 'plain_text_input',
      action_id: 'text',
      multiline: true,
      min_length: reasonMin,
      max_length: reasonMax,
    },
  };
}

export function readReason(state: ViewState): string {
  return Object.values(state.values[reasonBlock] ?? {})[0]?.value?.trim() ?? '';
}

/** What is wrong with a reason, in words for its field; `undefined` when nothing is. */
export function reasonMistake(reason: string): string | undefined {
  if (reason.length < reasonMin) return 'Say in a few words why: the requester reads it.';
  return reason.length > reasonMax ? `Say it in ${reasonMax} characters at most.` : undefined;
}
