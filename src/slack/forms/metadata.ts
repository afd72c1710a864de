/** What a modal carries through Slack and back: ids and what was typed beside the form, read like anything else from outside. */
import { z } from 'zod';
import { requestIdSchema } from '../../core/ids.ts';
import { maxOf } from '../limits.ts';

const channel = z.string().max(32).optional();

/** In characters: with a reason of 500 beside it all still fits into Slack's 3,000. */
export const wishMax = 400;

const formMetadataSchema = z.strictObject({
  action: z.string().max(100),
  /** The submission's key: the same form submitted twice is one request. */
  draftId: z.string().min(8).max(64),
  /** Where it was opened: the private answer goes back there. */
  channel,
  /** With what the requester asks not to wait, as it was typed: its reason is read again when the form is sent. */
  bypass: z
    .strictObject({ kind: z.enum(['override', 'break_glass']), reason: z.string().max(500) })
    .optional(),
  /** Which request it edits, what of it stood in the form when it was opened, and which change an approver asked for last. */
  edits: z
    .strictObject({
      id: requestIdSchema,
      digest: z.string().max(64),
      wish: z.string().max(wishMax).optional(),
    })
    .optional(),
  /** Which page is shown, from 0, in a form of several: what the others hold is kept in the store. */
  page: z.int().min(0).max(100).optional(),
});
export type FormMetadata = z.infer<typeof formMetadataSchema>;

const denyMetadataSchema = z.strictObject({
  id: requestIdSchema,
  digest: z.string().max(64),
  channel,
});
export type DenyMetadata = z.infer<typeof denyMetadataSchema>;

export function writeMetadata(metadata: FormMetadata | DenyMetadata): string {
  const text = JSON.stringify(metadata);
  if (text.length > maxOf('privateMetadata')) throw new Error('private_metadata is longer than Slack takes');
  return text;
}

export function readFormMetadata(text: string): FormMetadata | undefined {
  return formMetadataSchema.safeParse(json(text)).data;
}

export function readDenyMetadata(text: string): DenyMetadata | undefined {
  return denyMetadataSchema.safeParse(json(text)).data;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
