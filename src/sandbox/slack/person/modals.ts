/** Submitting and closing modals, with the checks that Slack makes before the app hears of it. */
import { z } from 'zod';
import type { Outcome, StateValue } from '../../protocol.ts';
import { isEmpty } from '../block-kit/state.ts';
import { everyElement, type FoundElement } from '../block-kit/walk.ts';
import type { SlackContext } from '../context.ts';
import { SlackError } from '../errors.ts';
import { viewJson } from '../json.ts';
import { checkView, closeModals, openModal, patchView, updateView } from '../views.ts';
import type { UserRecord, ViewRecord } from '../world.ts';
import { payloadBase } from './person.ts';
import { Refusal } from './refusal.ts';

const answerSchema = z.discriminatedUnion('response_action', [
  z.looseObject({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.looseObject({ response_action: z.literal('update'), view: z.unknown() }),
  z.looseObject({ response_action: z.literal('push'), view: z.unknown() }),
  z.looseObject({ response_action: z.literal('clear') }),
]);

const trouble = 'We had some trouble connecting. Try again?';

export async function submit(context: SlackContext, user: UserRecord, id: string): Promise<Outcome> {
  const { world } = context;
  const view = topModal(context, user, id);
  if (!view.submit) throw new Refusal('no_submit', 'This view has no submit button.');
  if (view.busy) throw new Refusal('busy', 'It is being submitted already.');
  const errors = inputErrors(view);
  patchView(world, id, { errors, problem: undefined });
  if (Object.keys(errors).length > 0) throw new Refusal('invalid_input', Object.values(errors).join(' '));

  patchView(world, id, { busy: true });
  const ack = await context.courier.deliver({
    kind: 'interactive',
    type: 'view_submission',
    acceptsResponse: true,
    payload: {
      type: 'view_submission',
      ...payloadBase(context, user),
      trigger_id: context.triggers.issue({ user: user.id, channel: view.channel, viewId: id }),
      view: viewJson(world, world.views.get(id) ?? view, { withState: true }),
      response_urls: responseUrls(context, user, view),
    },
  });
  patchView(world, id, { busy: false });
  if (!ack.ok) return fail(context, id);
  return applyAnswer(context, user, id, ack.body);
}

export function close(context: SlackContext, user: UserRecord, id: string, all: boolean): Outcome {
  const { world } = context;
  const view = topModal(context, user, id);
  const isCleared = all || view.clearOnClose;
  const closing = isCleared ? (world.stacks.get(user.id) ?? []).toReversed() : [id];
  const views = closing.flatMap((one) => world.views.get(one) ?? []);
  closeModals(world, user.id, closing);
  for (const one of views) {
    if (!one.notifyOnClose) continue;
    // The person has left already: whether the app acknowledges is not theirs to see, nor to wait for.
    void context.courier.deliver({
      kind: 'interactive',
      type: 'view_closed',
      acceptsResponse: false,
      payload: {
        type: 'view_closed',
        ...payloadBase(context, user),
        view: viewJson(world, one, { withState: true }),
        is_cleared: isCleared,
      },
    });
  }
  return { ok: true };
}

function topModal(context: SlackContext, user: UserRecord, id: string): ViewRecord {
  const view = context.world.views.get(id);
  if (!view || view.user !== user.id || context.world.stacks.get(user.id)?.at(-1) !== id) {
    throw new Refusal('view_not_found', 'That modal is not open on top.');
  }
  return view;
}

/** What the app answered to a submission. Anything it may not answer is shown to the person as Slack does. */
function applyAnswer(context: SlackContext, user: UserRecord, id: string, body: unknown): Outcome {
  const { world } = context;
  const view = world.views.get(id);
  if (!view) return { ok: true };
  const isBare =
    body === undefined || body === '' || (typeof body === 'object' && Object.keys(body ?? {}).length === 0);
  if (isBare) {
    closeModals(world, user.id, [id]);
    return { ok: true };
  }
  const answer = answerSchema.safeParse(body);
  if (!answer.success) return fail(context, id);
  try {
    switch (answer.data.response_action) {
      case 'errors': {
        const { errors } = answer.data;
        const inputs = new Set(
          view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id),
        );
        // Slack takes errors for input blocks only; one for any other block spoils the whole answer.
        const areKnown =
          Object.keys(errors).length > 0 && Object.keys(errors).every((key) => inputs.has(key));
        if (!areKnown) return fail(context, id);
        patchView(world, id, { errors });
        throw new Refusal('invalid_input', Object.values(errors).join(' '));
      }
      case 'update':
        updateView(world, view, checkView(world, answer.data.view, 'modal'));
        return { ok: true };
      case 'push':
        openModal(world, user.id, checkView(world, answer.data.view, 'modal'), view.channel);
        return { ok: true };
      case 'clear':
        closeModals(world, user.id, world.stacks.get(user.id) ?? []);
        return { ok: true };
    }
  } catch (error) {
    if (error instanceof SlackError) return fail(context, id);
    throw error;
  }
}

function fail(context: SlackContext, id: string): Outcome {
  patchView(context.world, id, { problem: trouble });
  throw new Refusal('submission_failed', trouble);
}

/** By block id, in the words of Slack's client. */
function inputErrors(view: ViewRecord): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const found of everyElement(view.blocks)) {
    if (found.block.type !== 'input') continue;
    const value = view.state[found.block.block_id]?.[found.element.action_id];
    const error = inputError(found, value);
    if (error) errors[found.block.block_id] = error;
  }
  return errors;
}

function inputError({ block, element }: FoundElement, value: StateValue | undefined): string | undefined {
  if (isEmpty(value)) return block.optional === true ? undefined : 'Please complete this required field.';
  const text = typeof value?.value === 'string' ? value.value : '';
  const { min_length: min, max_length: max } = element;
  switch (element.type) {
    case 'plain_text_input':
      if (typeof min === 'number' && text.length < min) return `This field needs at least ${min} characters.`;
      if (typeof max === 'number' && text.length > max) return `This field is limited to ${max} characters.`;
      return text.length > 3000 ? 'This field is limited to 3000 characters.' : undefined;
    case 'email_text_input':
      return z.email().safeParse(text).success ? undefined : 'Enter a valid email address.';
    case 'url_text_input':
      return z.url().safeParse(text).success ? undefined : 'Enter a valid URL.';
    case 'number_input':
      return numberError(element, text);
    default: {
      const chosen = value && Object.values(value).find(Array.isArray);
      const most = element.max_selected_items;
      return chosen && typeof most === 'number' && chosen.length > most
        ? `Choose at most ${most}.`
        : undefined;
    }
  }
}

function numberError(element: FoundElement['element'], text: string): string | undefined {
  const number = Number(text);
  if (text.trim() === '' || Number.isNaN(number)) return 'Enter a number.';
  if (element.is_decimal_allowed !== true && !Number.isInteger(number)) return 'Enter a whole number.';
  if (element.min_value !== undefined && number < Number(element.min_value))
    return `Enter a number of at least ${element.min_value}.`;
  if (element.max_value !== undefined && number > Number(element.max_value))
    return `Enter a number of at most ${element.max_value}.`;
  return undefined;
}

/** Only a select that asked for it (`response_url_enabled`) gives the submission a response_url. */
function responseUrls(context: SlackContext, user: UserRecord, view: ViewRecord): unknown[] {
  return everyElement(view.blocks).flatMap(({ block, element }) => {
    const value = view.state[block.block_id]?.[element.action_id];
    const channel = value?.selected_conversation ?? value?.selected_channel;
    if (element.response_url_enabled !== true || typeof channel !== 'string') return [];
    return [
      {
        block_id: block.block_id,
        action_id: element.action_id,
        channel_id: channel,
        response_url: context.url() + context.hooks.issue({ kind: 'app', user: user.id, channel }),
      },
    ];
  });
}
