/** `response_url`: five answers within thirty minutes to what a person did, each ephemeral unless it says otherwise. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { WorldClock } from '../clock.ts';
import { checkContent } from './content.ts';
import { SlackError } from './errors.ts';
import { limits } from './limits.ts';
import { addMessage, removeMessage, replaceMessage } from './messages.ts';
import type { World } from './world.ts';

export interface HookOrigin {
  readonly kind: 'commands' | 'actions' | 'app';
  readonly user: string;
  readonly channel: string;
  /** The message that was acted upon: what replace and delete mean. */
  readonly messageTs?: string;
}

export interface Hooks {
  /** The path of a new response_url. */
  issue(origin: HookOrigin): string;
  /** Uses it once. @throws SlackError used_url, expired_url, invalid_payload, no_text and those of content. */
  use(path: string, body: unknown): void;
}

const bodySchema = z.looseObject({
  text: z.string().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  replace_original: z.boolean().optional(),
  delete_original: z.boolean().optional(),
  thread_ts: z.string().optional(),
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
  metadata: z.unknown().optional(),
});

/** Hooks beyond this many are forgotten, oldest first. */
const rememberedMax = 2000;

export function createHooks(world: World, clock: WorldClock): Hooks {
  const issued = new Map<string, { origin: HookOrigin; expiresAt: number; usesLeft: number }>();
  return {
    issue(origin) {
      const { seed } = world;
      const path = `/hooks/${origin.kind}/${seed.team.id}/${issued.size + 1}/${randomBytes(12).toString('hex')}`;
      issued.set(path, {
        origin,
        expiresAt: clock.now() + limits.responseUrlMs.max,
        usesLeft: limits.responseUrlUses.max,
      });
      const oldest = issued.keys().next().value;
      if (issued.size > rememberedMax && oldest !== undefined) issued.delete(oldest);
      return path;
    },
    use(path, input) {
      const hook = issued.get(path);
      if (!hook || clock.now() > hook.expiresAt) throw new SlackError('expired_url', {}, { status: 404 });
      if (hook.usesLeft === 0) throw new SlackError('used_url', {}, { status: 404 });
      const body = bodySchema.safeParse(input);
      if (!body.success) throw new SlackError('invalid_payload', {}, { status: 400 });
      respond(world, hook.origin, body.data);
      hook.usesLeft--;
    },
  };
}

/** What an app answers to something a person did: by response_url, or in the acknowledgement of a slash command. */
export function respond(world: World, origin: HookOrigin, body: z.infer<typeof bodySchema>): void {
  const channel = world.channels.get(origin.channel);
  if (!channel) throw new SlackError('channel_not_found', {}, { status: 404 });
  const original = origin.messageTs === undefined ? undefined : channel.messages.get(origin.messageTs);

  if (body.delete_original) {
    if (original) removeMessage(world, channel, original);
    return;
  }
  const content = checkContent(world, body, { status: 400 });
  if (body.replace_original && original) {
    replaceMessage(world, channel, original, {
      ...content,
      blocks: content.blocks,
      attachments: content.attachments,
      ...(original.visibleTo ? {} : { editedTs: world.nextTs() }),
    });
    return;
  }
  const isPublic = body.response_type === 'in_channel';
  // Slack looks at `thread_ts` only beside `replace_original: false`; without it the answer goes to the channel, also
  // when what was clicked stands in a thread.
  const threadTs = body.replace_original === false ? body.thread_ts : undefined;
  addMessage(world, channel, {
    user: world.seed.app.botUserId,
    botId: world.seed.app.botId,
    ...content,
    ...(threadTs && channel.messages.has(threadTs) ? { threadTs } : {}),
    ...(isPublic ? {} : { visibleTo: origin.user }),
  });
}
