/** Messages of ours that are there already: edited in place, or taken away when they are one too many. */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { RequestId } from '../core/ids.ts';
import type { PostedCard } from '../core/ports.ts';
import { pointerTo } from './card-places.ts';
import type { Turn } from './channels.ts';
import { slackErrorCode, slackProblem } from './errors.ts';
import { movedMark } from './lost-message.ts';
import type { MarkedMessage } from './post.ts';
import { withoutSecrets } from './without-secrets.ts';

type Place = Pick<PostedCard, 'channel' | 'ts'>;

/** After these the old message can never be edited again: a new one takes its place. */
const goneForEditing = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'channel_not_found',
  'is_archived',
  'not_in_channel',
  'is_inactive',
]);

/** `false` when the message is gone. @throws ProblemError when Slack does not take it. */
export async function edit(
  client: WebClient,
  { channel, ts }: Place,
  message: MarkedMessage,
  turn: Turn,
): Promise<boolean> {
  await turn?.({ method: 'chat.update', channel });
  try {
    await client.chat.update({ channel, ts, ...withoutSecrets(message) });
    return true;
  } catch (error) {
    if (goneForEditing.has(slackErrorCode(error) ?? '')) return false;
    throw slackProblem(error, 'chat.update');
  }
}

/**
 * Deletes it; where a workspace lets nobody delete, it says where the card of `id` is. What somebody else has posted
 * stays as it is, whatever it claims to be.
 * @throws ProblemError when Slack cannot do it now.
 */
export async function takeBack(
  client: WebClient,
  message: Place,
  id: RequestId,
  card: Place,
  turn: Turn,
): Promise<void> {
  await turn?.({ method: 'chat.delete', channel: message.channel });
  try {
    await client.chat.delete(message);
  } catch (error) {
    if (!undeletable.has(slackErrorCode(error) ?? '')) throw slackProblem(error, 'chat.delete');
    await edit(client, message, await pointer(client, id, card, turn), turn);
  }
}

/** Those that a message of ours can be met with, now or for good; the last is not there at all. */
const undeletable = new Set([
  'cant_delete_message',
  'compliance_exports_prevent_deletion',
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'message_not_found',
]);

async function pointer(client: WebClient, id: RequestId, card: Place, turn: Turn): Promise<MarkedMessage> {
  const { channel, ts } = card;
  await turn?.({ method: 'chat.getPermalink', channel });
  const found = await client.chat.getPermalink({ channel, message_ts: ts }).catch(() => undefined);
  const link = z.url().safeParse(found?.permalink).data;
  return { ...pointerTo(id, channel, link), metadata: movedMark(id) };
}
