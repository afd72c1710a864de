/** The question before a request that waits is cancelled from a menu with other entries beside it. Pure. */
import type { ModalView } from '@slack/types';
import { inline, plain, section } from '../blocks.ts';
import { maxOf } from '../limits.ts';
import { type DenyMetadata, writeMetadata } from './metadata.ts';

export const cancelCallback = 'cancel.submit';

export function cancelView(metadata: DenyMetadata): ModalView {
  return {
    type: 'modal',
    callback_id: cancelCallback,
    private_metadata: writeMetadata(metadata),
    title: plain(`Cancel ${metadata.id}?`, maxOf('viewTitle')),
    submit: plain('Cancel it', maxOf('viewButton')),
    close: plain('Not now', maxOf('viewButton')),
    blocks: [
      section(`${inline(metadata.id)} ends, with the answers that it has. Only its requester can do this.`),
    ],
  };
}
