/** The two words that every action about a running service begins with. */
import { z } from 'zod';
import type { FieldMeta } from '../../core/action.ts';

export function serviceField(description: string) {
  return z
    .string()
    .min(1)
    .max(63)
    .meta({ title: 'Service', description, choices: 'services', decides: true } satisfies FieldMeta);
}

export function environmentField(description: string) {
  return z
    .string()
    .min(1)
    .max(63)
    .meta({
      title: 'Environment',
      description,
      choices: 'serviceEnvironments',
      decides: true,
    } satisfies FieldMeta);
}

/** For a look, which is at all of them when none is named. */
export function anyEnvironmentField() {
  return z
    .string()
    .max(63)
    .optional()
    .meta({
      title: 'Environment',
      description: 'All of them when left empty.',
      choices: 'serviceEnvironments',
    } satisfies FieldMeta);
}
