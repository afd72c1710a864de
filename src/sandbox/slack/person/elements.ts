/** Clicking, choosing, filling: from a person's hand to `block_actions`. */
import type { ConfirmDialog, ElementValue, Outcome, PersonCommand, SlackBlock } from '../../protocol.ts';
import { elementShapes, valueFor, withValue } from '../block-kit/state.ts';
import type { ElementObject } from '../block-kit/walk.ts';
import type { SlackContext } from '../context.ts';
import type { Ack } from '../delivery/courier.ts';
import { patchView } from '../views.ts';
import { addNotice, type UserRecord } from '../world.ts';
import { withLoadedOptions } from './live-options.ts';
import { payloadBase } from './person.ts';
import { elementAt, type OpenPlace, openPlace } from './place.ts';
import { Refusal } from './refusal.ts';

type Command<Name extends PersonCommand['do']> = Extract<PersonCommand, { do: Name }>;

export async function click(
  context: SlackContext,
  user: UserRecord,
  command: Command<'click'>,
): Promise<Outcome> {
  const place = openPlace(context, user, command.in);
  const { block, element } = elementAt(place, command.blockId, command.actionId);
  if (block.type === 'input')
    throw new Refusal('not_clickable', 'This is an input: it is filled in, not clicked.');
  const chosen = chosenValue(context, user, place, block, element, command.value);
  const dialog = confirmOf(element);
  if (dialog && !command.confirmed) throw new Refusal('confirm_required', dialog.text, dialog);
  if (chosen && element.type !== 'overflow') {
    place.setState(withValue(place.state, block.block_id, element.action_id, chosen));
  }
  return dispatch(context, user, place, block, element, chosen);
}

export async function fill(
  context: SlackContext,
  user: UserRecord,
  command: Command<'fill'>,
): Promise<Outcome> {
  const place = openPlace(context, user, command.in);
  const { block, element } = elementAt(place, command.blockId, command.actionId);
  if (block.type !== 'input')
    throw new Refusal('not_an_input', 'This is not an input: it is clicked, not filled in.');
  const chosen = chosenValue(context, user, place, block, element, command.value);
  if (!chosen) throw new Refusal('not_an_input', 'This element holds no value.');
  place.setState(withValue(place.state, block.block_id, element.action_id, chosen));
  if (place.viewId) {
    const { [block.block_id]: _, ...errors } = context.world.views.get(place.viewId)?.errors ?? {};
    patchView(context.world, place.viewId, { errors });
  }
  if (!dispatchesNow(block, element, command.enter ?? false)) return { ok: true };
  return dispatch(context, user, place, block, element, chosen);
}

/** What the app is told, and what the person sees when it does not answer. */
async function dispatch(
  context: SlackContext,
  user: UserRecord,
  place: OpenPlace,
  block: SlackBlock,
  element: ElementObject,
  chosen: Readonly<Record<string, unknown>> | undefined,
): Promise<Outcome> {
  const { type: _, ...value } = chosen ?? { type: '' };
  const ack = await context.courier.deliver({
    kind: 'interactive',
    type: 'block_actions',
    acceptsResponse: false,
    payload: {
      type: 'block_actions',
      ...payloadBase(context, user),
      ...place.payload(),
      trigger_id: context.triggers.issue({ user: user.id, channel: place.channel, viewId: place.viewId }),
      ...(place.message
        ? { response_url: responseUrl(context, user, place.message.channel, place.message.ts) }
        : {}),
      actions: [
        { ...actionDetails(element), ...value, block_id: block.block_id, action_ts: context.world.nextTs() },
      ],
    },
  });
  if (ack.ok) return { ok: true };
  const failure = interactionFailure(ack);
  if (place.viewId) patchView(context.world, place.viewId, { problem: failure.message });
  else addNotice(context.world, user.id, failure.message, place.channel);
  throw failure;
}

export function interactionFailure(ack: Extract<Ack, { ok: false }>): Refusal {
  if (ack.reason === 'http_error')
    return new Refusal('http_error', `This app responded with Status Code ${ack.detail}.`);
  if (ack.reason === 'unreachable')
    return new Refusal('dispatch_failed', 'This app is not responding. Is it running?');
  return new Refusal('operation_timeout', 'Operation timed out. Apps need to respond within 3 seconds.');
}

function responseUrl(context: SlackContext, user: UserRecord, channel: string, messageTs?: string): string {
  const origin = { user: user.id, channel, ...(messageTs === undefined ? {} : { messageTs }) };
  return context.url() + context.hooks.issue({ kind: 'actions', ...origin });
}

/** @throws Refusal no_such_option when the element does not offer that. */
function chosenValue(
  context: SlackContext,
  user: UserRecord,
  place: OpenPlace,
  block: SlackBlock,
  element: ElementObject,
  value: ElementValue | undefined,
) {
  if (!elementShapes[element.type]) return undefined;
  if (value === undefined) throw new Refusal('value_required', 'Nothing was chosen.');
  const chosen = valueFor(withLoadedOptions(context, place, block, element), value);
  if (!chosen || !areThere(context, user, element, value)) {
    throw new Refusal('no_such_option', `This ${element.type} does not offer ${JSON.stringify(value)}.`);
  }
  return chosen;
}

/** People and conversations are chosen from those that the person can see: nobody picks a made-up id. */
function areThere(
  context: SlackContext,
  user: UserRecord,
  element: ElementObject,
  value: ElementValue,
): boolean {
  const { users, channels } = context.world;
  const ids = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
  if (element.type.endsWith('users_select')) {
    return ids.every((id) => users.has(id) && users.get(id)?.kind !== 'deactivated');
  }
  if (/(channels|conversations)_select$/.test(element.type)) {
    return ids.every((id) => channels.get(id)?.kind === 'channel' || channels.get(id)?.members.has(user.id));
  }
  return true;
}

function dispatchesNow(block: SlackBlock, element: ElementObject, isEnter: boolean): boolean {
  if (block.dispatch_action !== true) return false;
  if (!element.type.endsWith('_input')) return true;
  const config = element.dispatch_action_config as { trigger_actions_on?: readonly string[] } | undefined;
  const on = config?.trigger_actions_on ?? ['on_enter_pressed'];
  return on.includes('on_character_entered') || (isEnter && on.includes('on_enter_pressed'));
}

function confirmOf(element: ElementObject): ConfirmDialog | undefined {
  const dialog = element.confirm as
    | { title: Text; text: Text; confirm?: Text; deny?: Text; style?: string }
    | undefined;
  if (!dialog) return undefined;
  return {
    title: dialog.title.text,
    text: dialog.text.text,
    confirm: dialog.confirm?.text ?? 'Yes',
    deny: dialog.deny?.text ?? 'No',
    ...(dialog.style ? { style: dialog.style } : {}),
  };
}

interface Text {
  readonly text: string;
}

const detailsOfAction = [
  'action_id',
  'type',
  'text',
  'value',
  'url',
  'style',
  'confirm',
  'placeholder',
] as const;

function actionDetails(element: ElementObject): Record<string, unknown> {
  return Object.fromEntries(
    detailsOfAction.filter((key) => key in element).map((key) => [key, element[key]]),
  );
}
