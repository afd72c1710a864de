/** The modal that asks for the reason of a no. Pure. */
import type { ModalView } from '@slack/types';
import { inline, plain, section } from '../blocks.ts';
import { maxOf } from '../limits.ts';
import { type DenyMetadata, writeMetadata } from './metadata.ts';
import type { ViewState } from './read-state.ts';

export const denyCallback = 'deny.submit';
export const reasonBlock = 'reason';

/** Enough to say something, and what a reader may be asked to read. In characters. */
const reasonMin = 3;
const reasonMax = 1000;

export function denyView(metadata: DenyMetadata, phrase: string | undefined): ModalView {
  const what = phrase === undefined ? metadata.id : `${metadata.id}: ${inline(phrase, 500)}`;
  return {
    type: 'modal',
    callback_id: denyCallback,
    private_metadata: writeMetadata(metadata),
    title: plain(`Deny ${metadata.id}`, maxOf('viewTitle')),
    submit: plain('Deny', maxOf('viewButton')),
    close: plain('Not now', maxOf('viewButton')),
    blocks: [
      section(`${what}\nA no ends the request. The requester reads your reason.`),
      {
        type: 'input',
        block_id: reasonBlock,
        label: plain('Reason'),
        hint: plain('What would have to be different for a yes?'),
        element: {
          type: 'plain_text_input',
          action_id: 'text',
          multiline: true,
          min_length: reasonMin,
          max_length: reasonMax,
        },
      },
    ],
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
