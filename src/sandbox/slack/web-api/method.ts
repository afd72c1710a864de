/** How a Web API method is declared: its scopes, its rate tier, its arguments, and what it does. */
import { z } from 'zod';
import type { SlackContext } from '../context.ts';
import { SlackError } from '../errors.ts';
import type { ChannelRecord } from '../world.ts';

export type Tier = 1 | 2 | 3 | 4 | 'special' | 'post';

export interface Method {
  /** One of these is needed; none: any token will do. A function when it depends on the conversation asked for. */
  readonly scopes: readonly string[];
  readonly tier: Tier;
  readonly token: 'bot' | 'app' | 'any' | 'none';
  call(context: SlackContext, args: Record<string, unknown>): Answer | Promise<Answer>;
  /** What `chat.postMessage` is also limited by. */
  readonly rateKey?: (args: Record<string, unknown>) => string;
}

export type Answer = Record<string, unknown>;

export function method<Shape extends z.ZodRawShape>(declared: {
  readonly scopes: readonly string[];
  readonly tier: Tier;
  readonly token?: Method['token'];
  readonly rateKey?: Method['rateKey'];
  readonly args: Shape;
  readonly run: (context: SlackContext, args: z.output<z.ZodObject<Shape>>) => Answer | Promise<Answer>;
}): Method {
  const schema = z.object(declared.args);
  return {
    scopes: declared.scopes,
    tier: declared.tier,
    token: declared.token ?? 'bot',
    ...(declared.rateKey ? { rateKey: declared.rateKey } : {}),
    call(context, args) {
      const parsed = schema.safeParse(args);
      if (!parsed.success) throw argumentError(parsed.error);
      return declared.run(context, parsed.data as z.output<z.ZodObject<Shape>>);
    },
  };
}

function argumentError(error: z.ZodError): SlackError {
  const messages = error.issues.map((issue) =>
    issue.code === 'invalid_type' && issue.input === undefined
      ? `[ERROR] missing required field: ${issue.path.join('.')}`
      : `[ERROR] ${issue.message} [json-pointer:/${issue.path.join('/')}]`,
  );
  return new SlackError('invalid_arguments', { response_metadata: { messages } });
}

// Forms send everything as text, JSON bodies do not: both are taken, as Slack does.
export const flag = z.preprocess(
  (value) =>
    value === 'true' || value === '1'
      ? true
      : value === 'false' || value === '0' || value === ''
        ? false
        : value,
  z.boolean().optional(),
);
export const count = z.preprocess(
  (value) => (typeof value === 'string' && value !== '' ? Number(value) : value),
  z.int().optional(),
);
export const json = z.preprocess((value) => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}, z.unknown());

/** A conversation that the app may know of: public, or one it is in. @throws SlackError channel_not_found. */
export function visibleChannel(context: SlackContext, id: string): ChannelRecord {
  const channel = context.world.channels.get(id);
  const isKnown =
    channel && (channel.kind === 'channel' || channel.members.has(context.world.seed.app.botUserId));
  if (!channel || !isKnown) throw new SlackError('channel_not_found');
  return channel;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string;
}

/** Cursors are opaque: base64 of the offset. @throws SlackError invalid_cursor, invalid_limit. */
export function paginate<T>(
  items: readonly T[],
  cursor: string | undefined,
  limit: number | undefined,
  max = 1000,
): Page<T> {
  if (limit !== undefined && limit < 1) throw new SlackError('invalid_limit');
  const offset = cursor
    ? Number(/^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1] ?? Number.NaN)
    : 0;
  if (!Number.isInteger(offset)) throw new SlackError('invalid_cursor');
  const end = offset + Math.min(limit ?? 100, max);
  return {
    items: items.slice(offset, end),
    nextCursor: end < items.length ? Buffer.from(`next:${end}`).toString('base64') : '',
  };
}
