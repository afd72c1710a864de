/** Where an element stands (a message, a modal, Home), seen the same way: its blocks, its state, its payload fields. */
import type { Place, SlackBlock, StateValues } from '../../protocol.ts';
import { stateOf } from '../block-kit/state.ts';
import type { ElementObject } from '../block-kit/walk.ts';
import { findElement } from '../block-kit/walk.ts';
import type { SlackContext } from '../context.ts';
import { messageJson, viewJson } from '../json.ts';
import { patchView } from '../views.ts';
import type { MessageRecord, UserRecord, ViewRecord } from '../world.ts';
import { channelOf, messageOf } from './person.ts';
import { Refusal } from './refusal.ts';

export interface OpenPlace {
  /** Tells places apart: options that were loaded belong to one. */
  readonly key: string;
  readonly blocks: readonly SlackBlock[];
  readonly state: StateValues;
  setState(state: StateValues): void;
  /** `container`, `view` or `message`, `channel`: what the payload says of the place, as it is now. */
  payload(): Record<string, unknown>;
  /** The trigger's origin. */
  readonly channel: string | undefined;
  readonly viewId: string | undefined;
  /** Set for messages: where `response_url` answers go. */
  readonly message: MessageRecord | undefined;
}

/** @throws Refusal when the person does not see that place. */
export function openPlace(context: SlackContext, user: UserRecord, place: Place): OpenPlace {
  if ('message' in place) return messagePlace(context, user, place.message);
  const { world } = context;
  const id = 'home' in place ? world.homes.get(user.id) : place.modal;
  const view = id === undefined ? undefined : world.views.get(id);
  if (!view || view.user !== user.id) throw new Refusal('view_not_found', 'That view is not open.');
  const isOnTop = view.type === 'home' || world.stacks.get(user.id)?.at(-1) === view.id;
  if (!isOnTop) throw new Refusal('view_not_on_top', 'Another modal lies on top of that one.');
  return viewPlace(context, view);
}

/** @throws Refusal no_such_element. */
export function elementAt(
  place: OpenPlace,
  blockId: string,
  actionId: string,
): { block: SlackBlock; element: ElementObject } {
  const found = findElement(place.blocks, blockId, actionId);
  if (!found)
    throw new Refusal('no_such_element', `There is no element ${actionId} in the block ${blockId}.`);
  return found;
}

function viewPlace(context: SlackContext, view: ViewRecord): OpenPlace {
  return {
    key: view.id,
    blocks: view.blocks,
    state: view.state,
    setState: (state) => patchView(context.world, view.id, { state }),
    payload: () => ({
      container: { type: 'view', view_id: view.id },
      view: viewJson(context.world, context.world.views.get(view.id) ?? view, { withState: true }),
    }),
    channel: view.channel,
    viewId: view.type === 'modal' ? view.id : undefined,
    message: undefined,
  };
}

function messagePlace(
  context: SlackContext,
  user: UserRecord,
  at: { channel: string; ts: string },
): OpenPlace {
  const { world } = context;
  const channel = channelOf(context, user, at.channel);
  const message = messageOf(channel, user, at.ts);
  const blocks = [
    ...(message.blocks ?? []),
    ...(message.attachments ?? []).flatMap((attachment) => attachment.blocks ?? []),
  ];
  const key = `${user.id}:${channel.id}:${message.ts}`;
  const currentState = () => stateOf(blocks, world.messageStates.get(key));
  const isEphemeral = message.visibleTo !== undefined;
  const channelName =
    channel.kind === 'im' ? 'directmessage' : channel.kind === 'private' ? 'privategroup' : channel.name;
  return {
    key,
    blocks,
    state: currentState(),
    setState: (state) => {
      world.messageStates.set(key, state);
    },
    payload: () => ({
      container: {
        type: 'message',
        message_ts: message.ts,
        channel_id: channel.id,
        is_ephemeral: isEphemeral,
        ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
      },
      channel: { id: channel.id, name: channelName },
      ...(isEphemeral ? {} : { message: messageJson(world, channel, message) }),
      state: { values: currentState() },
    }),
    channel: channel.id,
    viewId: undefined,
    message,
  };
}
