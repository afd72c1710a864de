/** files.*: the upload in three steps (ask for a URL, send the bytes, complete), and files.info. */
import { z } from 'zod';
import type { SlackContext } from '../context.ts';
import { SlackError } from '../errors.ts';
import { fileJson } from '../json.ts';
import { addMessage } from '../messages.ts';
import type { FileRecord } from '../world.ts';
import { count, json, type Method, method, visibleChannel } from './method.ts';

const completed = z.array(z.looseObject({ id: z.string(), title: z.string().optional() })).min(1);

export const fileMethods: Record<string, Method> = {
  'files.getUploadURLExternal': method({
    scopes: ['files:write'],
    tier: 4,
    args: {
      filename: z.string().min(1),
      length: count,
      alt_txt: z.string().max(1000).optional(),
      snippet_type: z.string().optional(),
    },
    run(context, args) {
      const { world } = context;
      if (args.length === undefined || args.length < 1) throw new SlackError('file_upload_size_restricted');
      const id = world.newId('F');
      world.files.set(id, {
        id,
        name: args.filename,
        title: args.filename,
        sizeBytes: args.length,
        mimetype: 'application/octet-stream',
        user: world.seed.app.botUserId,
        createdAt: context.clock.now(),
        altText: args.alt_txt ?? '',
        content: undefined,
        isComplete: false,
        channels: [],
      });
      return { upload_url: `${context.url()}/upload/v1/${id}`, file_id: id };
    },
  }),

  'files.completeUploadExternal': method({
    scopes: ['files:write'],
    tier: 4,
    args: {
      files: json,
      channel_id: z.string().optional(),
      channels: z.string().optional(),
      thread_ts: z.string().optional(),
      initial_comment: z.string().optional(),
    },
    run(context, args) {
      const { world } = context;
      const wanted = completed.safeParse(args.files);
      if (!wanted.success)
        throw new SlackError('invalid_arguments', {
          response_metadata: { messages: ['[ERROR] missing required field: files'] },
        });
      const files = wanted.data.map(({ id, title }) => uploaded(context, id, title));
      const ids = [args.channel_id, ...(args.channels ?? '').split(',')].filter(
        (id) => id !== undefined && id !== '',
      );
      for (const id of ids) {
        const channel = visibleChannel(context, id ?? '');
        if (!channel.members.has(world.seed.app.botUserId)) throw new SlackError('not_in_channel');
        const isThread = args.thread_ts !== undefined && channel.messages.has(args.thread_ts);
        for (const file of files) file.channels.push(channel.id);
        addMessage(world, channel, {
          user: world.seed.app.botUserId,
          botId: world.seed.app.botId,
          text: args.initial_comment ?? '',
          files: files.map((file) => file.id),
          ...(isThread ? { threadTs: args.thread_ts ?? '' } : {}),
        });
      }
      return { files: files.map((file) => fileJson(world, file, context.url())) };
    },
  }),

  'files.info': method({
    scopes: ['files:read'],
    tier: 4,
    args: { file: z.string() },
    run(context, args) {
      const file = context.world.files.get(args.file);
      if (!file?.isComplete) throw new SlackError('file_not_found');
      return {
        file: fileJson(context.world, file, context.url()),
        comments: [],
        response_metadata: { next_cursor: '' },
      };
    },
  }),
};

/** Takes the bytes of an upload. @throws SlackError file_not_found. */
export function receiveUpload(
  context: SlackContext,
  id: string,
  content: Uint8Array,
  mimetype: string,
): void {
  const file = context.world.files.get(id);
  if (!file || file.isComplete) throw new SlackError('file_not_found', {}, { status: 404 });
  file.content = content;
  file.mimetype = mimetype || file.mimetype;
}

/** By its first eight bytes. */
export function isPng(content: Uint8Array): boolean {
  return [137, 80, 78, 71, 13, 10, 26, 10].every((byte, index) => content[index] === byte);
}

function uploaded(context: SlackContext, id: string, title: string | undefined): FileRecord {
  const file = context.world.files.get(id);
  if (!file) throw new SlackError('file_not_found');
  if (!file.content) throw new SlackError('file_update_failed');
  file.isComplete = true;
  file.title = title ?? file.title;
  return file;
}
