/** What somebody says of the environment that they want. */
import { z } from 'zod';
import type { FieldMeta } from '../../core/action.ts';
import { minuteMs, parseDuration } from '../../core/duration.ts';

/** A namespace's name has 63 characters at most (RFC 1123) and begins with `env-`. */
const nameCharactersMax = 50;
const ttlMin = 10 * minuteMs;

export const input = z.strictObject({
  name: z
    .string()
    .min(2)
    .max(nameCharactersMax)
    .regex(
      /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
      'use small letters, digits and dashes, with a letter or digit at both ends',
    )
    .meta({
      title: 'Name',
      description: 'Small letters, digits and dashes. It becomes part of the address.',
      placeholder: 'checkout-pr-12',
      decides: true,
    } satisfies FieldMeta),
  blueprint: z
    .string()
    .default('web-service')
    .meta({
      title: 'Blueprint',
      description: 'What runs in it.',
      choices: 'blueprints',
      decides: true,
    } satisfies FieldMeta),
  cpu: z
    .number()
    .positive()
    .max(256)
    .default(2)
    .meta({
      title: 'CPU',
      description: 'Cores for the whole environment.',
      decides: true,
    } satisfies FieldMeta),
  memoryGi: z
    .number()
    .positive()
    .max(1024)
    .default(4)
    .meta({
      title: 'Memory',
      description: 'GiB for the whole environment.',
      unit: 'GiB',
      decides: true,
    } satisfies FieldMeta),
  replicas: z
    .int()
    .min(1)
    .max(20)
    .default(1)
    .meta({ title: 'Replicas', description: 'How many Pods share that.' } satisfies FieldMeta),
  ttl: z
    .string()
    .default('8h')
    .refine(
      (text) => (parseDuration(text) ?? 0) >= ttlMin,
      'write a time like 8h, 30m or 2d12h, at least 10m',
    )
    .meta({
      title: 'Time to live',
      isSpan: true,
      description: 'After this it is removed by itself: 8h, 30m, 2d12h. The time starts when it is ready.',
      decides: true,
    } satisfies FieldMeta),
  team: z
    .string()
    .optional()
    .meta({
      title: 'Team',
      description: 'Whose members get rights in it. Yours when left empty.',
      choices: 'teams',
    } satisfies FieldMeta),
  /** What the blueprint asks for beside. */
  values: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ title: 'Inputs', description: 'What the blueprint asks for.' } satisfies FieldMeta),
});
export type Input = z.infer<typeof input>;
