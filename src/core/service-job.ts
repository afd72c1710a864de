/**
 * A Job that people may run beside a service: the catalog has its Pod, and which of its words people may choose. Pure.
 */
import { z } from 'zod';
import { parseDuration } from './duration.ts';
import { dnsLabel, title } from './names.ts';

/** What no shell, no path and no program reads otherwise than it stands: other patterns are for whoever writes the catalog. */
const harmless = '^(?!-)[\\w.:@%+=,-]*$';

const jobInputSchema = z
  .strictObject({
    title,
    description: z.string().max(300).optional(),
    type: z.enum(['text', 'number', 'choice']).default('text'),
    choices: z.array(z.string().min(1).max(75)).max(100).optional(),
    default: z.union([z.string(), z.number()]).optional(),
    /** Of a text: a regular expression for all of it. */
    pattern: z.string().max(300).default(harmless).refine(isPattern, 'write a regular expression'),
    min: z.number().optional(),
    max: z.number().optional(),
  })
  .refine(({ type, choices }) => (type === 'choice') === (choices !== undefined), {
    path: ['choices'],
    error: 'give choices for the type "choice", and only for it',
  });
export type JobInput = z.infer<typeof jobInputSchema>;

/** What runs is what a Job runs, unless it says otherwise. */
const runningImage = '$' + '{image}';

/** Of a Job's name its own word is one part, and the name is a DNS label. */
const jobNameMax = 30;

export const serviceJobSchema = z.strictObject({
  title,
  description: z.string().max(300).optional(),
  /** Asked for in this order. */
  inputs: z
    .record(z.string().regex(/^[a-z][a-zA-Z0-9]{0,39}$/, 'use letters and digits'), jobInputSchema)
    .default({}),
  /** The one container. Texts may hold `${input.…}`, `${service}`, `${environment}` and `${image}`, which is what runs. */
  image: z.string().min(1).default(runningImage),
  command: z.array(z.string()).default([]),
  args: z.array(z.string()).default([]),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
  /** Names of Secrets and ConfigMaps whose keys become environment variables. */
  envFrom: z
    .strictObject({ secrets: z.array(z.string()).default([]), configMaps: z.array(z.string()).default([]) })
    .prefault({}),
  serviceAccount: dnsLabel.optional(),
  resources: z
    .strictObject({ cpu: z.string().default('100m'), memory: z.string().default('128Mi') })
    .prefault({}),
  timeout: z
    .string()
    .default('10m')
    .refine((text) => parseDuration(text) !== undefined, 'write a duration such as 10m'),
  retries: z.int().min(0).max(5).default(0),
});
export type ServiceJob = z.infer<typeof serviceJobSchema>;

export const serviceJobsSchema = z.record(
  dnsLabel.refine((name) => name.length <= jobNameMax, `at most ${jobNameMax} characters`),
  serviceJobSchema,
);

function isPattern(text: string): boolean {
  try {
    new RegExp(`^(?:${text})$`, 'u');
    return true;
  } catch {
    return false;
  }
}

/** What a Job's texts may speak of, by its path: `service`, `input.version`. */
export type JobValues = Readonly<Record<string, string | number>>;

/** The placeholders of a Job that stand for nothing, for the mistakes of a catalog. */
export function unknownPlaceholders(job: ServiceJob): string[] {
  const known = new Set([...commonNames, ...Object.keys(job.inputs).map((name) => `input.${name}`)]);
  const texts = [job.image, ...job.command, ...job.args, ...Object.values(job.env)];
  return texts
    .flatMap((text) => [...text.matchAll(placeholder)].map(([whole]) => whole.slice(2, -1).trim()))
    .filter((path) => !known.has(path));
}

const commonNames = ['service', 'environment', 'image'];
const placeholder = /\$\{([^}]*)\}/g;

/**
 * A text with its placeholders filled in. What people chose is text to Kubernetes too: `$(NAME)` would be replaced by
 * an environment variable of the container, a password among them, and is written so that it is not.
 */
export function fillJobText(text: string, values: JobValues): string {
  return text.replaceAll(placeholder, (_whole, path: string) => {
    const name = path.trim();
    const value = String(values[name] ?? '');
    return name.startsWith('input.') ? value.replaceAll('$(', () => '$$(') : value;
  });
}
