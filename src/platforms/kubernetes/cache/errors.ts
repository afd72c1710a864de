/** How an API server says that it has forgotten the past. Pure. */
import { z } from 'zod';
import { StatusError } from '../transport.ts';

/** The watch's place in history is gone: list again. It comes as a status, or as an event of the stream. */
export class Expired extends Error {}

const statusEventSchema = z.object({
  code: z.int().default(0),
  reason: z.string().default(''),
  message: z.string().default(''),
});

/** The error that an `ERROR` event of a watch stands for. */
export function errorOfEvent(object: unknown): Error {
  const { code, reason, message } = statusEventSchema
    .catch({ code: 0, reason: '', message: '' })
    .parse(object);
  if (code === 410 || reason === 'Expired' || reason === 'Gone') return new Expired(message);
  return new StatusError(
    code === 0 ? 500 : code,
    { message, reason, details: { name: '', kind: '', causes: [] } },
    undefined,
  );
}

export function isExpired(error: unknown): boolean {
  return error instanceof Expired || (error instanceof StatusError && error.code === 410);
}

/** The right is missing: not a bad moment, and nothing that was learned before may be shown. */
export function isRefused(error: unknown): boolean {
  return error instanceof StatusError && error.code === 403;
}
