/** The modal that asks for the reason of a no. Pure. */
import type { ModalView } from '@slack/types';
import { inline, plain, section } from '../blocks.ts';
import { maxOf } from '../limits.ts';
import { type DenyMetadata, writeMetadata } from './metadata.ts';
import type { ViewState } from './read-state.ts';

export const denyCallback = 'deny.submit';
export const reasonBlock = 'reason';

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
          min_length: 3,
          max_length: 1000,
        },
      },
    ],
  };
}

export function readReason(state: ViewState): string {
  return Object.values(state.values[reasonBlock] ?? {})[0]?.value?.trim() ?? '';
}
