/** What somebody says of the deploy that they want. */
import { z } from 'zod';
import type { FieldMeta } from '../../core/action.ts';
import { environmentField, serviceField } from '../service/fields.ts';
import { versionPattern } from './version.ts';

export function versionField(description: string) {
  return z
    .string()
    .min(1)
    .max(100)
    .regex(versionPattern, 'write a tag, a branch, a commit, or latest')
    .meta({ title: 'Version', description, placeholder: 'v1.4.2', decides: true } satisfies FieldMeta);
}

export const input = z.strictObject({
  service: serviceField('What to deploy.'),
  version: versionField(
    'A tag, a branch, a commit, or latest. It is pinned to its commit before anybody approves.',
  ),
  environment: environmentField('Where it goes.'),
  at: z
    .string()
    .max(40)
    .meta({
      title: 'Begin',
      description: 'When, in your own time zone; as soon as it is approved when left out.',
      placeholder: 'in 2h, 09:00, tomorrow 09:00 or 2026-11-23 09:00',
    } satisfies FieldMeta)
    .optional(),
});
