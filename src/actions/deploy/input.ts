/** What somebody says of the deploy that they want. */
import { z } from 'zod';
import type { FieldMeta } from '../../core/action.ts';

export const input = z.strictObject({
  service: z
    .string()
    .min(1)
    .max(63)
    .meta({
      title: 'Service',
      description: 'What to deploy.',
      choices: 'services',
      decides: true,
    } satisfies FieldMeta),
  version: z
    .string()
    .min(1)
    .max(100)
    // A ref's name (git-check-ref-format), without what would make it an option or a path elsewhere.
    .regex(/^(?![-/.])(?!.*\.\.)[\w./-]+$/, 'write a tag, a branch, a commit, or latest')
    .meta({
      title: 'Version',
      description:
        'A tag, a branch, a commit, or latest. It is pinned to its commit before anybody approves.',
      placeholder: 'v1.4.2',
      decides: true,
    } satisfies FieldMeta),
  environment: z
    .string()
    .min(1)
    .max(63)
    .meta({
      title: 'Environment',
      description: 'Where it goes.',
      choices: 'serviceEnvironments',
      decides: true,
    } satisfies FieldMeta),
});
export type Input = z.infer<typeof input>;
