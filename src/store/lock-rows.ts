/** Rows of locks, on their way in and out. One that cannot be read stands in everybody's way rather than in nobody's. */
import { z } from 'zod';
import { requestIdOf, requestIdSchema } from '../core/ids.ts';
import type { Lock, LockWait, UnreadableLock } from '../core/lock.ts';
import { type LockKey, lockKeySchema } from '../core/lock-key.ts';
import { personSchema } from '../core/person.ts';

const keysSchema = z.array(lockKeySchema).min(1);

const orderShape = {
  requestId: requestIdSchema,
  keys: keysSchema,
  kind: z.enum(['person', 'run']),
  holder: personSchema,
  over: z.array(requestIdSchema),
  since: z.number(),
};
const lockSchema = z.strictObject({
  ...orderShape,
  fence: z.int().min(1),
  reason: z.string(),
  until: z.number().optional(),
});
const waitSchema = z.strictObject({ ...orderShape, place: z.int().min(1) });

/** The columns beside the number: `keys` repeats what the body says, so that it can be read when the body cannot. */
export function lockColumns(lock: Lock | LockWait): { keys: string; body: string } {
  return { keys: lock.keys.join(' '), body: JSON.stringify(lock) };
}

const rowSchema = z.object({ request_number: z.int(), keys: z.string(), body: z.string() });

export function readLock(row: unknown): Lock | UnreadableLock {
  return readRow(row, lockSchema) as Lock | UnreadableLock;
}

export function readWait(row: unknown): LockWait | UnreadableLock {
  return readRow(row, waitSchema) as LockWait | UnreadableLock;
}

function readRow(row: unknown, schema: z.ZodType<{ requestId: string; keys: readonly LockKey[] }>) {
  const { request_number, keys, body } = rowSchema.parse(row);
  const requestId = requestIdOf(request_number);
  const read = schema.safeParse(fromJson(body)).data;
  if (read && read.requestId === requestId && read.keys.join(' ') === keys) return read;
  const known = keysSchema.safeParse(keys.split(' ')).data;
  return { kind: 'unreadable', requestId, keys: known ?? [lockKeySchema.parse('*')] };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
