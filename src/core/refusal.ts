/** An attempt that was turned away, as it is kept: who tried what, and with which words they were sent off. */
import { z } from 'zod';
import { requestIdSchema } from './ids.ts';
import { problemCodes } from './problem.ts';

export const refusalSchema = z.object({
  at: z.number(),
  /** What came in: `/env`, `block_actions card.approve`. */
  door: z.string(),
  code: z.enum(problemCodes),
  /** As the person read it; it holds nothing secret. */
  sentence: z.string(),
  /** Under which the person and the operator's log have it. */
  reference: z.string(),
  /** How often within the minute: a storm is one row. */
  times: z.int().min(1),
  /** The account that the payload named. None when nobody proved to be Slack. */
  by: z.string().optional(),
  about: requestIdSchema.optional(),
});
export type Refusal = z.infer<typeof refusalSchema>;
