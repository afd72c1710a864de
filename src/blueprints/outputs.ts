/**
 * What is handed over, as filled in. An operator's object may say anything where a text was expected, as long as it likes,
 * and secrets too: what is kept and shown to a channel is short text without them.
 */
import { z } from 'zod';
import type { BlueprintOutputs } from '../core/blueprint.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { redactSecrets } from '../core/redact.ts';

/** UTF-16 units of one text: an address has at most 2,000, and a card shows less. */
const textMax = 2_000;

const text = z
  .union([z.string(), z.number(), z.boolean()], 'this is no text')
  .transform((value) => redactSecrets(String(value).slice(0, textMax)));

const outputsSchema = z.object({
  url: text,
  links: z.array(z.object({ label: text, url: text })),
  secrets: z.array(z.object({ name: text, keys: z.array(text) })),
  notes: z.array(text),
});

/** @throws ProblemError naming the place that is no text. */
export function plainOutputs(blueprint: string, filled: unknown): BlueprintOutputs {
  const read = outputsSchema.safeParse(filled);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new ProblemError(
    problem(
      'step_failed',
      `outputs.${issue?.path.join('.')} of the blueprint ${blueprint} cannot be filled in: ${issue?.message}.`,
      'Tell the platform team: the blueprint must be mended.',
    ),
  );
}
