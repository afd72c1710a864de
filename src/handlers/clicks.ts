/** A click on a card as every handler of one meets it: who, on which request, and how a form opens in answer. */
import { z } from 'zod';
import { requestIdSchema } from '../core/ids.ts';
import type { Person } from '../core/person.ts';
import { ok, type Problem, ProblemError, problem, type Result, refuse } from '../core/problem.ts';
import { type CardValue, readCardValue } from '../slack/cards/buttons.ts';
import { slackProblem } from '../slack/errors.ts';
import type { ModalView } from '../slack/forms/form.ts';
import { withoutSecrets } from '../slack/without-secrets.ts';
import { admit, type HandlerDeps, tellProblem } from './deps.ts';
import { type Place, readPayload } from './payload.ts';

/** How long a form may wait for the answer whether it should open at all: its trigger lives 3 s. */
export const checkMaxMs = 1_000;

export function channelOf({ channel }: Place): { readonly channel?: string } {
  return channel === undefined ? {} : { channel };
}

export interface Click {
  readonly person: Person;
  readonly value: CardValue;
  readonly place: Place;
  readonly triggerId: string;
  /** Of a menu: which of its entries. */
  readonly entry: string | undefined;
}

/** Reads the click, asks who it is, and says what `handle` found wrong. */
export async function onClick(
  deps: HandlerDeps,
  body: unknown,
  handle: (click: Click) => Promise<Problem | undefined>,
): Promise<void> {
  const { place, triggerId } = readPayload(body);
  if (!place) return;
  const person = await admit(deps, place);
  const value = readClickValue(body);
  const refusal = !person.ok
    ? person.problem
    : !value.ok
      ? value.problem
      : await handle({ ...value.value, person: person.value, place, triggerId: triggerId ?? '' });
  if (refusal) await tellProblem(deps, place, refusal);
  const card = cardSchema.safeParse(body).data;
  if (person.ok && card) await deps.strays.met(card.message.metadata.event_payload.request_id, placeOf(card));
  if (person.ok && homeSchema.safeParse(body).success) await deps.homes.draw(person.value.id);
}

/** On a message that says it is a card: it may be one too many. */
const cardSchema = z.object({
  container: z.object({ channel_id: z.string(), message_ts: z.string() }),
  message: z.object({
    metadata: z.object({
      event_type: z.literal('greenlight_request'),
      event_payload: z.object({ request_id: requestIdSchema }),
    }),
  }),
});

function placeOf({ container: { channel_id, message_ts } }: z.infer<typeof cardSchema>) {
  return { channel: channel_id, ts: message_ts };
}

/** On somebody's Home, which then shows something that has just changed, or had changed before. */
const homeSchema = z.object({ view: z.object({ type: z.literal('home') }) });

const clickSchema = z.object({
  actions: z.tuple([
    z.object({
      value: z.string().optional(),
      selected_option: z.object({ value: z.string() }).optional(),
    }),
  ]),
});

/** A menu's entry stands before its request: `cancel REQ-12:7:<digest>`. */
function readClickValue(body: unknown): Result<Pick<Click, 'value' | 'entry'>> {
  const action = clickSchema.safeParse(body).data?.actions[0];
  const [, entry, chosen] = /^([a-z_]+) (.*)$/u.exec(action?.selected_option?.value ?? '') ?? [];
  const text = action?.value ?? chosen;
  const value = readCardValue(text);
  if (value) return ok({ value, entry });
  return refuse(
    problem('bad_input', 'This button cannot be read.', 'Use the newest card, or `/requests`.', {
      detail: text ?? '',
    }),
  );
}

/** @throws ProblemError when Slack did not take it: mostly a trigger that was too old. */
export async function open(deps: HandlerDeps, triggerId: string, view: ModalView): Promise<string> {
  try {
    const opened = await deps.client.views.open({
      trigger_id: triggerId,
      view: withoutSecrets(view),
    });
    const id = opened.view?.id;
    if (id !== undefined) return id;
  } catch (error) {
    throw slackProblem(error, 'views.open');
  }
  throw new ProblemError(problem('outside_refused', 'Slack did not open the form.', 'Click once more.'));
}
