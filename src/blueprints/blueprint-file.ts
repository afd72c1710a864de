/** What a file in `data/blueprints/` looks like, before its expressions are read. */
import { z } from 'zod';
import { partKinds } from '../core/blueprint.ts';
import { dnsLabel, title } from '../core/names.ts';

/** What one blueprint may hold: a run has a step for each resource, and a card shows them. */
export const blueprintLimits = {
  /** Resources of a blueprint or an operation: a card has room for 40 lines (slack/cards/run.ts). */
  resourcesMax: 30,
  /** UTF-16 units; Slack shows 75 characters of an option's description. */
  descriptionMax: 75,
  /** Characters of a generated value. 24 of 62 kinds are 142 bits, which nobody guesses. */
  generatedMin: 24,
  generatedMax: 128,
} as const;

/** Resources are named in expressions, where a dash would be a minus. */
export const resourceName = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'use letters and digits, a small letter first, at most 40');

const expression = z.string().min(1);

export const resourceInFileSchema = z.strictObject({
  needs: z.array(resourceName).default([]),
  when: expression.optional(),
  ready: expression.optional(),
  conditions: z.array(z.string().min(1)).min(1).optional(),
  generate: z
    .record(z.string(), z.int().min(blueprintLimits.generatedMin).max(blueprintLimits.generatedMax))
    .optional(),
  manifest: z.looseObject({
    apiVersion: z.string().min(1),
    kind: z.string().min(1),
    metadata: z.looseObject({ name: z.string().min(1) }),
  }),
});
export type ResourceInFile = z.infer<typeof resourceInFileSchema>;

const resources = z
  .record(resourceName, resourceInFileSchema)
  .refine((all) => Object.keys(all).length <= blueprintLimits.resourcesMax, {
    message: `at most ${blueprintLimits.resourcesMax} resources`,
  });

const partInFileSchema = z.strictObject({
  kind: z.enum(partKinds),
  when: expression.optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});

export const operationInFileSchema = z.strictObject({
  title,
  description: z.string().max(blueprintLimits.descriptionMax),
  inputs: z.unknown().optional(),
  resources: resources.default({}),
  patch: z.record(resourceName, z.record(z.string(), z.unknown())).default({}),
});

export const blueprintFileSchema = z.strictObject({
  title,
  description: z.string().min(1).max(blueprintLimits.descriptionMax),
  /** CPU in cores, memory in GiB, for the whole environment. */
  defaults: z
    .strictObject({
      cpu: z.number().positive().default(2),
      memoryGi: z.number().positive().default(4),
      replicas: z.int().min(1).default(1),
    })
    .prefault({}),
  /** A JSON Schema, or `from` a file beside this one. */
  inputs: z.unknown().optional(),
  resources: resources.default({}),
  /** A ServiceAccount `installer` that may do what the team may, for controllers that install in its name. */
  installer: z.boolean().default(false),
  parts: z.record(resourceName, partInFileSchema).default({}),
  cost: expression.optional(),
  outputs: z
    .strictObject({
      url: z.string().default(''),
      links: z.array(z.strictObject({ label: z.string().min(1), url: z.string().min(1) })).default([]),
      secrets: z
        .array(z.strictObject({ name: z.string().min(1), keys: z.array(z.string().min(1)).min(1) }))
        .default([]),
      notes: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  operations: z.record(dnsLabel, operationInFileSchema).default({}),
});
export type BlueprintFile = z.infer<typeof blueprintFileSchema>;
