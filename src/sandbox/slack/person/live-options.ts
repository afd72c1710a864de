/** Selects whose options the app gives as the person types: `block_suggestion`, and what may be chosen of its answer. */
import { z } from 'zod';
import type { Outcome, PersonCommand, SlackBlock, SlackOption } from '../../protocol.ts';
import { menuOptionGroups, menuOptions } from '../block-kit/objects.ts';
import { optionsOf } from '../block-kit/validate.ts';
import type { ElementObject } from '../block-kit/walk.ts';
import type { SlackContext } from '../context.ts';
import type { UserRecord } from '../world.ts';
import { payloadBase } from './person.ts';
import { elementAt, type OpenPlace, openPlace } from './place.ts';
import { Refusal } from './refusal.ts';

/** Options that a select loaded live, by person, place, block and action: the last few hundred. */
const loaded = new WeakMap<SlackContext, Map<string, SlackOption>>();

export async function loadOptions(
  context: SlackContext,
  user: UserRecord,
  command: Extract<PersonCommand, { do: 'load-options' }>,
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

/** The element with those options in it that were loaded for it, and its initial ones. */
export function withLoadedOptions(
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
