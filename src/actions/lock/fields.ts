/** The words that every action about a lock begins with: which part of the catalog it is on. */
import { z } from 'zod';
import type { FieldMeta } from '../../core/action.ts';
import { formatDuration, parseDuration } from '../../core/duration.ts';
import { lockMaxMs, lockMinMs } from '../../core/lock-life.ts';

export function placeFields(description: string) {
  return {
    service: z
      .string()
      .min(1)
      .max(63)
      .meta({ title: 'Service', description, choices: 'lockable', decides: true } satisfies FieldMeta),
    environment: z
      .string()
      .min(1)
      .max(63)
      .optional()
      .meta({
        title: 'Environment',
        description: 'All of its environments when left empty.',
        choices: 'serviceEnvironments',
        decides: true,
      } satisfies FieldMeta),
  };
}

export const reasonField = z
  .string()
  .trim()
  .min(3)
  .max(200)
  .meta({
    title: 'Reason',
    description: 'Read by everybody who has to wait.',
    placeholder: 'incident 42: card payments fail',
  } satisfies FieldMeta);

export const forField = z
  .string()
  .default('2h')
  .refine(
    (text) => {
      const ms = parseDuration(text) ?? 0;
      return ms >= lockMinMs && ms <= lockMaxMs;
    },
    `write a time like 2h, 30m or 1d, from ${formatDuration(lockMinMs)} to ${formatDuration(lockMaxMs)}`,
  )
  .meta({
    title: 'For',
    isSpan: true,
    description: 'It ends by itself then: 2h, 30m, 1d.',
    decides: true,
  } satisfies FieldMeta);
