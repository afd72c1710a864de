/** Clicking, choosing, filling: from a person's hand to `block_actions` and `block_suggestion`. */
import { z } from 'zod';
import type {
  ConfirmDialog,
  ElementValue,
  Outcome,
  PersonCommand,
  SlackBlock,
  SlackOption,
} from '../../protocol.ts';
import { menuOptionGroups, menuOptions } from '../block-kit/objects.ts';
import { elementShapes, valueFor, withValue } from '../block-kit/state.ts';
import { optionsOf } from '../block-kit/validate.ts';
import type { ElementObject } from '../block-kit/walk.ts';
import type { SlackContext } from '../context.ts';
import type { Ack } from '../delivery/courier.ts';
import { patchView } from '../views.ts';
import { addNotice, type UserRecord } from '../world.ts';
import { payloadBase } from './person.ts';
import { elementAt, type OpenPlace, openPlace } from './place.ts';
import { Refusal } from './refusal.ts';

type Command<Name extends PersonCommand['do']> = Extract<PersonCommand, { do: Name }>;

/** Options that a select loaded live, by person, place, block and action: the last few hundred. */
const loaded = new WeakMap<SlackContext, Map<string, SlackOption>>();

export async function click(
  context: SlackContext,
  user: UserRecord,
  command: Command<'click'>,
): Promise<Outcome> {
  const place = openPlace(context, user, command.in);
  const { block, element } = elementAt(place, command.blockId, command.actionId);
  if (block.type === 'input')
    throw new Refusal('not_clickable', 'This is an input: it is filled in, not clicked.');
  const chosen = chosenValue(context, place, block, element, command.value);
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
  const chosen = chosenValue(context, place, block, element, command.value);
  if (!chosen) throw new Refusal('not_an_input', 'This element holds no value.');
  place.setState(withValue(place.state, block.block_id, element.action_id, chosen));
  if (place.viewId) {
    const { [block.block_id]: _, ...errors } = context.world.views.get(place.viewId)?.errors ?? {};
    patchView(context.world, place.viewId, { errors });
  }
  if (!dispatchesNow(block, element, command.enter ?? false)) return { ok: true };
  return dispatch(context, user, place, block, element, chosen);
}

export async function loadOptions(
  context: SlackContext,
  user: UserRecord,
  command: Command<'load-options'>,
): Promise<Outcome> {
  const place = openPlace(context, user, command.in);
  const { block, element } = elementAt(place, command.blockId, command.actionId);
  if (!element.type.endsWith('external_select'))
    throw new Refusal('not_external', 'This select has no live options.');
  // Slack's default is three characters before it asks the app at all.
  if (command.query.length < Number(element.min_query_length ?? 3)) return { ok: true, options: [] };
  const ack = await context.courier.deliver({
    kind: 'options',
    type: 'block_suggestion',
    acceptsResponse: true,
    payload: {
      type: 'block_suggestion',
      ...suggestionBase(context, user),
      ...place.payload(),
      action_id: element.action_id,
      block_id: block.block_id,
      value: command.query,
    },
  });
  if (!ack.ok)
    throw new Refusal('operation_timeout', 'Sorry, something went wrong: the options could not be loaded.');
  const answer = z
    .union([
      z.looseObject({ options: z.union([menuOptions, z.tuple([])]) }),
      z.looseObject({ option_groups: menuOptionGroups }),
    ])
    .safeParse(ack.body);
  if (!answer.success)
    throw new Refusal('invalid_options', 'Sorry, something went wrong: the app sent no valid options.');
  const data = answer.data as {
    options?: SlackOption[];
    option_groups?: { label: { text: string }; options: SlackOption[] }[];
  };
  const groups = data.option_groups?.map((group) => ({ label: group.label.text, options: group.options }));
  remember(context, place, block, element, data.options ?? groups?.flatMap((group) => group.options) ?? []);
  return groups ? { ok: true, optionGroups: groups } : { ok: true, options: data.options ?? [] };
}

/** Slack leaves the enterprise out of this one. */
function suggestionBase(context: SlackContext, user: UserRecord) {
  const { enterprise: _, is_enterprise_install: __, ...base } = payloadBase(context, user);
  return base;
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

export function responseUrl(
  context: SlackContext,
  user: UserRecord,
  channel: string,
  messageTs?: string,
): string {
  const origin = { user: user.id, channel, ...(messageTs === undefined ? {} : { messageTs }) };
  return context.url() + context.hooks.issue({ kind: 'actions', ...origin });
}

/** @throws Refusal no_such_option when the element does not offer that. */
function chosenValue(
  context: SlackContext,
  place: OpenPlace,
  block: SlackBlock,
  element: ElementObject,
  value: ElementValue | undefined,
) {
  if (!elementShapes[element.type]) return undefined;
  if (value === undefined) throw new Refusal('value_required', 'Nothing was chosen.');
  const chosen = valueFor(withLoadedOptions(context, place, block, element), value);
  if (!chosen)
    throw new Refusal('no_such_option', `This ${element.type} does not offer ${JSON.stringify(value)}.`);
  return chosen;
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

function optionKey(place: OpenPlace, block: SlackBlock, element: ElementObject, value: string): string {
  return `${place.key}:${block.block_id}:${element.action_id}:${value}`;
}

function remember(
  context: SlackContext,
  place: OpenPlace,
  block: SlackBlock,
  element: ElementObject,
  options: readonly SlackOption[],
): void {
  const known = loaded.get(context) ?? new Map<string, SlackOption>();
  for (const option of options) known.set(optionKey(place, block, element, option.value), option);
  for (const key of known.keys()) {
    if (known.size <= 1000) break;
    known.delete(key);
  }
  loaded.set(context, known);
}

function withLoadedOptions(
  context: SlackContext,
  place: OpenPlace,
  block: SlackBlock,
  element: ElementObject,
): ElementObject {
  if (!element.type.endsWith('external_select')) return element;
  const prefix = optionKey(place, block, element, '');
  const known = [...(loaded.get(context) ?? [])]
    .filter(([key]) => key.startsWith(prefix))
    .map(([, option]) => option);
  const initial = optionsOf({
    ...element,
    options: element.initial_options ?? (element.initial_option ? [element.initial_option] : []),
  });
  return { ...element, options: [...known, ...(initial ?? [])] };
}
