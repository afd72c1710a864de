/** A GitHub Actions workflow that people may ask for by name: whose it is, where it lies and what it is run with. */
import { z } from 'zod';
import type { InputSchema } from './input-schema.ts';
import { dnsLabel, tiers, title } from './names.ts';

/** The input that carries our request: the workflow takes it, and shows it in its `run-name`, so that a run is found. */
export const markerInput = 'greenlight_request';

export const workflowEntrySchema = z.strictObject({
  title,
  description: z.string().max(75),
  /** `owner/name` at GitHub. */
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'write owner/name'),
  /** Its file in `.github/workflows`. */
  file: z.string().regex(/^[\w.-]+\.ya?ml$/, 'write the name of a workflow file'),
  /** A branch or a tag; the repository's default branch when not given. */
  ref: z
    .string()
    .regex(/^(?![-/.])(?!.*\.\.)[\w./-]{1,100}$/, 'write a branch or a tag')
    .optional(),
  /** What it may touch. */
  tier: z.enum(tiers),
  /** Groups that own it; the first one answers for it. */
  owners: z.array(dnsLabel).min(1),
  /** Taken for hanging after so many minutes, and cancelled. */
  minutesMax: z.int().min(1).max(360).default(60),
  /** What it is run with: the workflow file beside the catalog, or a JSON Schema. */
  inputs: z
    .union([z.strictObject({ from: z.string().min(1) }), z.record(z.string(), z.unknown())])
    .optional(),
});
export type WorkflowEntry = z.infer<typeof workflowEntrySchema>;

/** As it is in force, with its inputs read. */
export interface Workflow extends Omit<WorkflowEntry, 'inputs'> {
  readonly inputs: InputSchema;
}
