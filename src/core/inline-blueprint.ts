/** What an environment is made of, beside the room that every environment gets. */
import { z } from 'zod';
import { title } from './names.ts';

/** What a blueprint's texts may speak of, as `${environment.name}`. */
export const blueprintPlaceholders = [
  'environment.name',
  'environment.namespace',
  'environment.team',
  'input.replicas',
  'input.cpu',
  'input.memoryGi',
] as const;

/** What an environment is made of, beside the room every environment gets (namespace, quota, limits, policy, rights). */
export const blueprintSchema = z.strictObject({
  title,
  description: z.string().max(75),
  /** What the form suggests. CPU in cores, memory in GiB, for the whole environment. */
  defaults: z.strictObject({
    cpu: z.number().positive(),
    memoryGi: z.number().positive(),
    replicas: z.int().min(1),
  }),
  /** Kubernetes objects; `${environment.name}` and its kin are filled in. Namespaced into the environment. */
  manifests: z.array(z.looseObject({ apiVersion: z.string(), kind: z.string() })),
  /** The Deployment that must be available before the environment counts as ready. */
  ready: z.strictObject({ deployment: z.string() }),
  outputs: z.strictObject({
    url: z.string(),
    /** The Secret that holds connection details; people read it with their own rights. */
    secret: z.string().optional(),
  }),
});
export type Blueprint = z.infer<typeof blueprintSchema>;
