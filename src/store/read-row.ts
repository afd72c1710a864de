/**
 * A row is parsed at the door: what a damaged file or a stray hand left there is an error that names the row, never
 * something that is almost right.
 */
import { z } from 'zod';
import { ProblemError, problem } from '../core/problem.ts';

/** @throws ProblemError naming what it is, as `name` says. */
export function parsed<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  value: unknown,
): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw unreadable(name, z.prettifyError(result.error));
}

/** @throws ProblemError the same. */
export function fromJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(name, error instanceof Error ? error.message : String(error));
  }
}

export function unreadable(name: string, why: string): ProblemError {
  return new ProblemError(
    problem(
      'internal',
      'Greenlight cannot read what it has kept of this.',
      'Tell the platform team: the database needs a look, or its last backup.',
      { detail: `${name} cannot be read: ${why}` },
    ),
  );
}
