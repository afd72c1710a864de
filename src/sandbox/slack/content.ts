/** What a message says, checked: text, blocks, attachments, metadata. The same for posting, updating and responding. */
import { z } from 'zod';
import type { SlackAttachment, SlackBlock } from '../protocol.ts';
import { problemMessages, validateBlocks } from './block-kit/validate.ts';
import { SlackError } from './errors.ts';
import { limits } from './limits.ts';
import type { World } from './world.ts';

export interface Content {
  readonly text: string;
  readonly blocks?: readonly SlackBlock[];
  readonly attachments?: readonly SlackAttachment[];
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface ContentInput {
  readonly text?: string | undefined;
  readonly markdown_text?: string | undefined;
  readonly blocks?: unknown;
  readonly attachments?: unknown;
  readonly metadata?: unknown;
}

const metadataSchema = z.strictObject({
  event_type: z.string().min(1),
  event_payload: z.record(z.string(), z.unknown()),
});

/**
 * @throws SlackError no_text, invalid_blocks, invalid_attachments, too_many_attachments, invalid_metadata_format,
 * metadata_too_large, markdown_text_conflict.
 */
export function checkContent(
  world: World,
  input: ContentInput,
  http: { readonly status?: number } = {},
): Content {
  const fail = (code: string, extra: Record<string, unknown> = {}) => new SlackError(code, extra, http);
  const blocks = input.blocks === undefined ? [] : input.blocks;
  const attachments = input.attachments === undefined ? [] : input.attachments;
  if (input.markdown_text !== undefined && (input.text !== undefined || input.blocks !== undefined)) {
    throw fail('markdown_text_conflict');
  }
  if (!Array.isArray(blocks)) throw fail('invalid_blocks_format');
  if (!Array.isArray(attachments)) throw fail('invalid_attachments');
  if (attachments.length > limits.attachments.max) throw fail('too_many_attachments');
  const text = input.text ?? input.markdown_text ?? '';
  if (text.trim() === '' && blocks.length === 0 && attachments.length === 0) throw fail('no_text');

  const checked = checkBlocks(world, blocks, '/blocks', fail);
  const metadata = input.metadata === undefined ? undefined : metadataSchema.safeParse(input.metadata);
  if (metadata && !metadata.success) throw fail('invalid_metadata_format');
  if (metadata && Buffer.byteLength(JSON.stringify(metadata.data)) > limits.metadataBytes.max)
    throw fail('metadata_too_large');
  return {
    // Slack cuts a longer text rather than refuse it.
    text: text.slice(0, limits.messageText.max),
    ...(checked.length > 0 ? { blocks: checked } : {}),
    ...(attachments.length > 0
      ? { attachments: attachments.map((one, index) => checkAttachment(world, one, index, fail)) }
      : {}),
    ...(metadata ? { metadata: metadata.data } : {}),
  };
}

type Fail = (code: string, extra?: Record<string, unknown>) => SlackError;

function checkBlocks(world: World, blocks: unknown, pointer: string, fail: Fail): readonly SlackBlock[] {
  const result = validateBlocks(blocks, { surface: 'message', pointer, newId: () => world.newId('b') });
  if (result.ok) {
    const missing = result.blocks.findIndex((block) => block.type === 'image' && !hasPicture(world, block));
    if (missing < 0) return result.blocks;
    const message = `invalid slack file [json-pointer:${pointer}/${missing}/slack_file]`;
    throw fail('invalid_blocks', {
      errors: [message],
      response_metadata: { messages: [`[ERROR] ${message}`] },
    });
  }
  const messages = problemMessages(result.problems);
  throw fail('invalid_blocks', {
    errors: messages.map((message) => message.replace('[ERROR] ', '')),
    response_metadata: { messages },
  });
}

/** A file of Slack's that a block shows must be there, whole, and a picture; other addresses are not looked at. */
function hasPicture(world: World, block: SlackBlock): boolean {
  const named = slackFileSchema.safeParse(block).data?.slack_file.id;
  if (named === undefined) return true;
  const file = world.files.get(named);
  return file?.isComplete === true && file.mimetype.startsWith('image/');
}

const slackFileSchema = z.looseObject({ slack_file: z.looseObject({ id: z.string() }) });

function checkAttachment(world: World, input: unknown, index: number, fail: Fail): SlackAttachment {
  if (typeof input !== 'object' || input === null) throw fail('invalid_attachments');
  const attachment = input as Record<string, unknown>;
  const blocks =
    attachment.blocks === undefined
      ? undefined
      : checkBlocks(world, attachment.blocks, `/attachments/${index}/blocks`, fail);
  return {
    id: index + 1,
    fallback: '[no preview available]',
    ...attachment,
    ...(blocks ? { blocks } : {}),
  };
}
