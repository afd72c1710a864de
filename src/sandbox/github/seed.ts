/**
 * The seed file of the sandbox's GitHub: what exists before the first call. Moments are relative to the start
 * (`3 days ago`), so that the world is never old.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** Milliseconds before the start. */
const agoSchema = z
  .string()
  .regex(/^\d+ (minutes?|hours?|days?|weeks?) ago$/, 'say when as "3 days ago"')
  .transform((text) => {
    const [count = '0', unit = ''] = text.split(' ');
    const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 }[
      unit.replace(/s$/, '')
    ];
    return Number(count) * (unitMs ?? 0);
  });

const permissionsSchema = z.record(z.string(), z.enum(['read', 'write', 'admin']));
const roleSchema = z.enum(['pull', 'triage', 'push', 'maintain', 'admin']);
const filesSchema = z.record(z.string(), z.string());

const commitSchema = z.strictObject({
  message: z.string(),
  author: z.string(),
  at: agoSchema,
  files: filesSchema,
  tags: z.array(z.string()).default([]),
  /** The pull request that brought it, squashed; its number is added to the message as GitHub does. */
  pull: z.int().optional(),
  mergedBy: z.string().optional(),
  checks: z.record(z.string(), z.enum(['success', 'failure'])).default({}),
  statuses: z.record(z.string(), z.enum(['success', 'failure', 'pending', 'error'])).default({}),
});

const behaviourSchema = z.strictObject({
  seconds: z.record(z.string(), z.number().min(0)).default({}),
  logs: z.record(z.string(), z.string()).default({}),
  failures: z
    .array(
      z.strictObject({
        inputs: z.record(z.string(), z.string()),
        job: z.string(),
        step: z.string(),
        log: z.string(),
      }),
    )
    .default([]),
});

const repositorySchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  files: filesSchema,
  /** Oldest first, all on the default branch. */
  commits: z.array(commitSchema).min(1),
  openPulls: z
    .array(
      z.strictObject({
        number: z.int(),
        title: z.string(),
        branch: z.string(),
        author: z.string(),
        at: agoSchema,
        files: filesSchema,
      }),
    )
    .default([]),
  environments: z
    .array(z.strictObject({ name: z.string(), reviewerTeams: z.array(z.string()).default([]) }))
    .default([]),
  deployments: z
    .array(
      z.strictObject({
        ref: z.string(),
        environment: z.string(),
        creator: z.string(),
        at: agoSchema,
        state: z.enum(['success', 'failure']).default('success'),
      }),
    )
    .default([]),
  /** Checks that every new pull request is given, by how many seconds they take; they end green. */
  pullChecks: z.record(z.string(), z.number().min(0)).default({}),
  /** How the steps of a workflow behave, by the workflow's path. */
  workflows: z.record(z.string(), behaviourSchema).default({}),
});

export const githubSeedSchema = z.strictObject({
  organization: z.strictObject({ login: z.string(), name: z.string() }),
  users: z.array(
    z.strictObject({
      login: z.string(),
      name: z.string(),
      email: z.email(),
      role: z.enum(['admin', 'member']).default('member'),
    }),
  ),
  teams: z.array(
    z.strictObject({
      slug: z.string(),
      name: z.string(),
      description: z.string().default(''),
      members: z.array(z.string()),
      repositories: z.record(z.string(), roleSchema).default({}),
    }),
  ),
  app: z.strictObject({
    id: z.int(),
    slug: z.string(),
    name: z.string(),
    clientId: z.string(),
    installationId: z.int(),
    permissions: permissionsSchema,
    events: z.array(z.string()),
  }),
  tokens: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('installation'),
        token: z.string(),
        permissions: permissionsSchema.optional(),
        repositories: z.array(z.string()).optional(),
      }),
      z.strictObject({
        kind: z.literal('user'),
        token: z.string(),
        login: z.string(),
        permissions: permissionsSchema,
        repositories: z.array(z.string()).optional(),
      }),
    ]),
  ),
  webhooks: z
    .array(z.strictObject({ url: z.url(), secret: z.string(), events: z.array(z.string()).default(['*']) }))
    .default([]),
  repositories: z.array(repositorySchema),
});
export type GithubSeed = z.infer<typeof githubSeedSchema>;
export type RepositorySeed = GithubSeed['repositories'][number];

/** The seed that ships with the sandbox, or another file. @throws ZodError that names what is wrong. */
export function loadGithubSeed(
  file: URL | string = new URL('../seed/github.yml', import.meta.url),
): GithubSeed {
  return githubSeedSchema.parse(parse(readFileSync(file, 'utf8'), { merge: true }));
}
