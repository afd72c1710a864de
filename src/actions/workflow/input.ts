/** What somebody says of the workflow that they want to run. */
import { z } from 'zod';
import type { FieldMeta } from '../../core/action.ts';

export const input = z.strictObject({
  workflow: z
    .string()
    .min(1)
    .max(63)
    .meta({
      title: 'Workflow',
      description: 'What to run.',
      choices: 'workflows',
      decides: true,
    } satisfies FieldMeta),
  /** By the workflow's own inputs. */
  values: z.record(z.string(), z.unknown()).default({}),
});
export type Input = z.infer<typeof input>;
