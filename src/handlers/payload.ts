/** What every payload of Slack's has somewhere: who, where, and what makes it the same as another delivery. */
import { z } from 'zod';
import { personIdSchema, type RequestId, requestIdSchema } from '../core/ids.ts';

const id = z.string().max(255);
const withId = z.object({ id }).nullish();

/** Somebody's id, or more about them. */
const named = (one: z.ZodType) => z.union([one, z.object({ id: one })]).optional();
/** As far as Bolt takes it for granted, and falls over it where it is not so. */
const eventSchema = z.object({ type: z.string(), user: named(personIdSchema), channel: named(id) });

/** Also each name by which Bolt finds a listener: it matches it as a text, whatever it is. */
const bodySchema = z.object({
  type: z.string().optional(),
  command: z.string().optional(),
  api_app_id: id.optional(),
  team_id: id.nullish(),
  team: withId,
  enterprise: withId,
  user_id: personIdSchema.optional(),
  user: z.object({ id: personIdSchema, team_id: id.optional() }).nullish(),
  channel_id: id.optional(),
  /** Bolt reads its id wherever there is one. */
  channel: z.object({ id }).optional(),
  container: z.object({ channel_id: id.optional() }).optional(),
  response_url: z.url().optional(),
  trigger_id: z.string().max(500).nullish(),
  event_id: id.optional(),
  event: eventSchema.optional(),
  ...{ action_id: id.nullish(), block_id: id.nullish(), callback_id: id.nullish() },
  view: z
    .object({
      ...{ id, callback_id: id.nullish() },
      ...{ hash: z.string().optional(), private_metadata: z.string().optional() },
    })
    .nullish(),
  actions: z
    .array(
      z.object({
        action_ts: z.string().optional(),
        ...{ action_id: id.optional(), block_id: id.nullish() },
        value: z.unknown().optional(),
        selected_option: z.unknown().optional(),
      }),
    )
    .optional(),
});
const wholeSchema = bodySchema.refine(isWhole);

/** Bolt takes both for granted. */
function isWhole({ type, view, event }: z.infer<typeof bodySchema>): boolean {
  if (type === 'event_callback') return event !== undefined;
  return type?.startsWith('view_') ? view != null : true;
}

/** Where an answer for this person alone can go. */
export interface Address {
  readonly user: string;
  readonly channel: string | undefined;
  readonly responseUrl: string | undefined;
}

/** Whence somebody came. */
export interface Place extends Address {
  /** For the log and the trail: `/env`, `block_actions card.approve`. */
  readonly door: string;
  /** The request that the payload names, right or wrong. */
  readonly about: RequestId | undefined;
}

export interface Payload {
  readonly kind: 'command' | 'action' | 'submission' | 'options' | 'event' | 'other';
  /** For the log: `/env`, `block_actions card.approve`. */
  readonly what: string;
  readonly appId: string | undefined;
  readonly teamIds: readonly string[];
  readonly triggerId: string | undefined;
  /** The same for every delivery of the same thing, and for nothing else; `undefined` when a repeat does no harm. */
  readonly key: string | undefined;
  readonly place: Place | undefined;
}

export function readPayload(body: unknown, envelopeId?: string): Payload {
  const parsed = wholeSchema.safeParse(body);
  if (!parsed.success) return { ...nothing, key: envelopeId };
  const { data } = parsed;
  const user = data.user_id ?? data.user?.id;
  const channel = data.channel_id ?? data.channel?.id ?? data.container?.channel_id;
  const kind = kindOf(data);
  const first = data.actions?.[0];
  const what = [data.command ?? data.type ?? 'payload', ...(first?.action_id ? [first.action_id] : [])].join(
    ' ',
  );
  const about = requestNamedIn(first?.value, first?.selected_option, data.view?.private_metadata);
  return {
    kind,
    what,
    appId: data.api_app_id,
    teamIds: [data.team_id, data.team?.id, data.enterprise?.id].flatMap((one) => one ?? []),
    triggerId: data.trigger_id ?? undefined,
    key: keyOf(data, kind, envelopeId),
    place:
      user === undefined ? undefined : { user, channel, responseUrl: data.response_url, door: what, about },
  };
}

/** The first name of a request in what a button or a form carries; nothing is done with it but to keep it. */
function requestNamedIn(...carried: readonly unknown[]): RequestId | undefined {
  const text = JSON.stringify(carried).slice(0, carriedMax);
  return requestIdSchema.safeParse(/\bREQ-\d{1,10}\b/.exec(text)?.[0]).data;
}

/** More than any metadata of ours (Slack: 3,000 characters). */
const carriedMax = 4_000;

/** Slack ids of accounts, as our ids. Whoever it is comes from the directory, never from the payload. */
export function personIdOf(place: Pick<Place, 'user'>) {
  return personIdSchema.parse(place.user);
}

const nothing: Payload = {
  kind: 'other',
  what: 'unreadable payload',
  appId: undefined,
  teamIds: [],
  triggerId: undefined,
  key: undefined,
  place: undefined,
};

type Body = z.infer<typeof bodySchema>;

function kindOf(body: Body): Payload['kind'] {
  if (body.command !== undefined) return 'command';
  switch (body.type) {
    case 'block_actions':
      return 'action';
    case 'view_submission':
      return 'submission';
    case 'block_suggestion':
      return 'options';
    case 'event_callback':
      return 'event';
    default:
      return 'other';
  }
}

/**
 * A trigger is made once per click, command or submission and comes again with every redelivery, over either
 * transport; a view's id and hash do not tell two honest submissions of one form apart.
 */
function keyOf(body: Body, kind: Payload['kind'], envelopeId: string | undefined): string | undefined {
  if (kind === 'options') return undefined;
  if (body.trigger_id) return `trigger ${body.trigger_id}`;
  if (body.event_id) return `event ${body.event_id}`;
  if (envelopeId) return `envelope ${envelopeId}`;
  const click = body.actions?.[0]?.action_ts;
  if (!body.user || (!click && !body.view)) return undefined;
  return `click ${body.user.id} ${click ?? ''} ${body.view?.id ?? ''} ${body.view?.hash ?? ''}`;
}
