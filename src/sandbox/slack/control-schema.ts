/** The control API's door: what arrives is checked against the protocol before anything happens. */
import { z } from 'zod';
import type { CommandRequest, PersonCommand, WaitRequest, WorldChange } from '../protocol.ts';

const text = z.string().max(100_000);
const place = z.union([
  z.strictObject({ message: z.strictObject({ channel: text, ts: text }) }),
  z.strictObject({ modal: text }),
  z.strictObject({ home: z.literal(true) }),
]);
const value = z.union([text, z.number(), z.array(text), z.null()]);
const element = { in: place, blockId: text, actionId: text };

const command = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('say'),
    channel: text,
    text,
    threadTs: text.optional(),
    broadcast: z.boolean().optional(),
  }),
  z.strictObject({ do: z.literal('run'), channel: text, line: text, threadTs: text.optional() }),
  z.strictObject({
    do: z.literal('click'),
    ...element,
    value: value.optional(),
    confirmed: z.boolean().optional(),
  }),
  z.strictObject({ do: z.literal('fill'), ...element, value, enter: z.boolean().optional() }),
  z.strictObject({ do: z.literal('load-options'), ...element, query: text }),
  z.strictObject({ do: z.literal('submit'), modal: text }),
  z.strictObject({ do: z.literal('close'), modal: text, all: z.boolean().optional() }),
  z.strictObject({ do: z.literal('global-shortcut'), callbackId: text }),
  z.strictObject({ do: z.literal('message-shortcut'), callbackId: text, channel: text, ts: text }),
  z.strictObject({ do: z.literal('open-home') }),
  z.strictObject({
    do: z.literal('react'),
    channel: text,
    ts: text,
    name: text,
    remove: z.boolean().optional(),
  }),
  z.strictObject({ do: z.literal('mark-read'), channel: text, ts: text.optional() }),
  z.strictObject({ do: z.literal('complete'), line: text }),
  z.strictObject({ do: z.literal('dismiss'), channel: text, ts: text }),
  z.strictObject({ do: z.literal('dismiss-notice'), id: text }),
]);

export const commandRequest = z.strictObject({ person: text, command });

const contains = text;
export const waitRequest = z.strictObject({
  person: text,
  until: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('message'),
      contains,
      channel: text.optional(),
      from: text.optional(),
      ephemeral: z.boolean().optional(),
      after: text.optional(),
      threadTs: text.optional(),
    }),
    z.strictObject({
      kind: z.literal('modal'),
      callbackId: text.optional(),
      title: text.optional(),
      contains: contains.optional(),
    }),
    z.strictObject({ kind: z.literal('no-modal') }),
    z.strictObject({ kind: z.literal('field-error'), contains, blockId: text.optional() }),
    z.strictObject({ kind: z.literal('home'), contains }),
    z.strictObject({ kind: z.literal('element'), label: text, messageTs: text.optional() }),
    z.strictObject({ kind: z.literal('notice'), contains }),
    z.strictObject({ kind: z.literal('app'), connected: z.boolean() }),
  ]),
  withinMs: z.int().min(0).optional(),
});

export const worldChange = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('set-person'),
    user: text,
    kind: z.enum(['member', 'guest', 'outside', 'deactivated', 'bot']).optional(),
    title: text.optional(),
  }),
  z.strictObject({ do: z.literal('set-group'), group: text, members: z.array(text) }),
  z.strictObject({ do: z.enum(['join', 'leave']), channel: text, user: text }),
  z.strictObject({ do: z.enum(['archive', 'unarchive']), channel: text }),
  z.strictObject({ do: z.enum(['share', 'unshare']), channel: text }),
  z.strictObject({
    do: z.literal('disconnect-app'),
    reason: z.enum(['warning', 'refresh_requested', 'link_disabled']),
    sockets: z.enum(['one', 'all']).default('all'),
  }),
  z.strictObject({ do: z.literal('drop-app'), sockets: z.enum(['one', 'all']).default('all') }),
]);

export const clockRequest = z.strictObject({ advanceMs: z.int().min(0) });

// zod writes an optional key as `T | undefined`; the protocol leaves it out. What arrived as JSON has no undefined.
export const asCommand = (input: z.infer<typeof commandRequest>) =>
  input as CommandRequest & { command: PersonCommand };
export const asWait = (input: z.infer<typeof waitRequest>) => input as WaitRequest;
export const asChange = (input: z.infer<typeof worldChange>) => input as WorldChange;
