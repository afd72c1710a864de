/** The field that names a colleague who gets or does something. */
import { z } from 'zod';
import type { FieldMeta } from '../../core/action.ts';

export const colleagueField = z
  .string()
  .min(1)
  .max(100)
  .meta({
    title: 'To',
    description: 'A colleague, by @mention or e-mail address.',
    choices: 'people',
    decides: true,
  } satisfies FieldMeta);
