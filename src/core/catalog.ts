/**
 * What exists: services with their owners and environments, clusters, blueprints, groups, prices. `data/catalog.yml`
 * holds it; this is its shape. Everything that an input may name is looked up here, never guessed.
 */
import { z } from 'zod';
import type { Blueprint } from './blueprint.ts';
import { groupSchema, scheduleSchema } from './groups.ts';
import type { Moment } from './ids.ts';
import { title, dnsLabel as word } from './names.ts';
import { serviceSchema } from './service.ts';
import { metricsSchema, querySchema } from './service-metrics.ts';
import { type Workflow, workflowEntrySchema } from './workflow.ts';

export const clusterSchema = z.strictObject({
  title,
  /** The context of the kubeconfig to use. */
  context: z.string().min(1),
  /**
   * Whether people see there what they may see themselves: by their e-mail address and the groups above, as the cluster
   * knows them. Without it everybody sees what Greenlight sees.
   */
  impersonate: z.boolean().optional(),
});

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'write a time like 20:00');

/** Every night from one time to the other, in the zone; `weekends`: from Friday evening to Monday morning as well. */
export const sleepHoursSchema = z.strictObject({
  from: timeOfDay,
  to: timeOfDay,
  zone: z.string().optional(),
  weekends: z.boolean().default(true),
});
export type SleepHours = z.infer<typeof sleepHoursSchema>;

/** Files of blueprints: beside the catalog, or in a repository, where they are looked at again every `refresh`. */
export const blueprintPlaceSchema = z.union([
  z.strictObject({ folder: z.string().min(1) }),
  z.strictObject({
    repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'write owner/name'),
    ref: z.string().min(1),
    path: z.string().min(1),
    refresh: z.string().default('5m'),
  }),
]);

/** `data/catalog.yml`, before its blueprints were read. */
export const catalogSchema = z.strictObject({
  /** IANA zone in which windows and hours are meant. */
  zone: z.string(),
  groups: z.record(word, groupSchema),
  /**
   * Who people are elsewhere, by their e-mail address: their login at GitHub, to be lent a place in a team and found in
   * one, and the address of whom they report to.
   */
  people: z
    .record(
      z.email(),
      z.strictObject({
        github: z
          .string()
          .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/)
          .optional(),
        manager: z.email().optional(),
      }),
    )
    .optional(),
  /** E-mail addresses of those on call now. */
  onCall: z.array(z.email()),
  /** And whoever is on call by these schedules, by name; a group may follow one too. */
  onCallFrom: z.array(word).optional(),
  schedules: z.record(word, scheduleSchema).optional(),
  clusters: z.record(word, clusterSchema),
  /** Where environments on request are made. */
  environments: z.strictObject({
    cluster: word,
    /** Groups whose members may be given an environment; the first one a requester is in owns it. */
    teams: z.array(word).min(1),
    ttl: z.strictObject({ default: z.string(), max: z.string() }),
    /** Calls from outside into `$namespace` within `$window`, as a query: by them an idle environment is told from a used one. */
    traffic: querySchema.optional(),
    /** The Secret with which images are pulled; the cluster must put it into new namespaces by itself. */
    pullSecret: word.optional(),
    /** What Pods may be, by Kubernetes' Pod Security Standards. */
    podSecurity: z.enum(['baseline', 'restricted']).default('baseline'),
    /** Namespaces from which Pods may be reached: where the ingress controller runs. */
    ingressFrom: z.array(word).default(['ingress-nginx']),
    /** What Pods may reach beyond their namespace and names (DNS); nothing when it is not said. */
    egressTo: z
      .array(
        z.strictObject({
          cidr: z.cidrv4(),
          except: z.array(z.cidrv4()).default([]),
          ports: z.array(z.int().min(1).max(65535)).default([]),
        }),
      )
      .default([]),
    /**
     * Kinds that blueprints may make outside the environment's namespace: in this one, or, without a namespace, of the
     * whole cluster. Each is a right that every author of a blueprint has then.
     */
    outside: z
      .array(
        z.strictObject({
          apiVersion: z.string().min(1),
          kind: z.string().min(1),
          namespace: word.optional(),
        }),
      )
      .default([]),
    /**
     * Teams at GitHub, `organisation/team`, in which blueprints may lend a place. Each is a right that every author of a
     * blueprint can give to whoever asks for it.
     */
    lends: z.array(z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'write organisation/team')).default([]),
    /** How far the end of one that is kept lies ahead, `30d`; none can be kept when it is not said. */
    keep: z.strictObject({ for: z.string() }).optional(),
    /** When they sleep by themselves, unless one has hours of its own; never when it is not said. */
    sleep: sleepHoursSchema.optional(),
  }),
  /** In the currency below. */
  prices: z.strictObject({
    currency: z.string(),
    cpuHour: z.number().min(0),
    memoryGiHour: z.number().min(0),
    /** For the `cost` of blueprints with volumes. */
    storageGiHour: z.number().min(0).default(0),
    /** What is still paid for one that sleeps (its storage, its claims), as a share of its price awake. */
    asleepShare: z.number().min(0).max(1).default(0.1),
  }),
  /** How numbers are asked for, when not as usual. */
  metrics: metricsSchema.optional(),
  services: z.record(word, serviceSchema),
  /** Workflows at GitHub that people may run: `/run`. */
  workflows: z.record(word, workflowEntrySchema).default({}),
  blueprints: blueprintPlaceSchema,
});
export type CatalogFile = z.infer<typeof catalogSchema>;

export type Blueprints = Readonly<Record<string, Blueprint>>;
export type Workflows = Readonly<Record<string, Workflow>>;

/** As it is in force: with the blueprints themselves, and how fresh they are when they come from elsewhere. */
export interface Catalog extends Omit<CatalogFile, 'blueprints' | 'workflows'> {
  readonly blueprints: Blueprints;
  readonly workflows: Workflows;
  /** When the repository was last looked at with success; none for files beside the catalog. */
  readonly blueprintsSeenAt?: Moment;
  /** Groups whose members elsewhere nobody could tell lately, with why: neither in them nor out of them. */
  readonly unknownGroups?: Readonly<Record<string, string>>;
  /** Whether somebody may be on call whom no schedule could name. */
  readonly isOnCallUnknown?: boolean;
}

/** The groups an e-mail address is in, in the catalog's order. Addresses compare without case. */
export function groupsOf(catalog: Pick<Catalog, 'groups'>, email: string | undefined): string[] {
  if (email === undefined) return [];
  const known = groupsByEmail.get(catalog.groups) ?? indexOf(catalog.groups);
  return [...(known.get(email.toLowerCase()) ?? [])];
}

type Groups = Catalog['groups'];

/** Asked many times for each request, and of every member when the guardrails are proven: with 5,000 people no list to go through. */
const groupsByEmail = new WeakMap<Groups, ReadonlyMap<string, readonly string[]>>();

function indexOf(groups: Groups): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const [name, { members }] of Object.entries(groups)) {
    for (const email of new Set(members.map((member) => member.toLowerCase()))) {
      index.set(email, [...(index.get(email) ?? []), name]);
    }
  }
  groupsByEmail.set(groups, index);
  return index;
}

/** Whose login it is at GitHub; logins compare without case. */
export function emailOfLogin({ people = {} }: People, login: string): string | undefined {
  const lower = login.toLowerCase();
  return Object.entries(people).find(([, { github }]) => github?.toLowerCase() === lower)?.[0];
}

type People = Pick<Catalog, 'people'>;

/** `undefined` when nobody has said it. Addresses compare without case. */
export function githubLoginOf(catalog: People, email: string | undefined): string | undefined {
  return personIn(catalog, email)?.github;
}

/** Empty when nobody has said it. */
export function managerOf(catalog: People, email: string | undefined): string {
  return personIn(catalog, email)?.manager ?? '';
}

function personIn({ people = {} }: People, email: string | undefined) {
  const lower = email?.toLowerCase();
  return Object.entries(people).find(([address]) => address.toLowerCase() === lower)?.[1];
}

/** Of a service, its tags. */
export function labelsOf(
  { services }: Pick<Catalog, 'services'>,
  { service }: { readonly service?: { readonly name: string } | undefined },
): string[] {
  const known = service && Object.hasOwn(services, service.name) ? services[service.name] : undefined;
  return [...(known?.tags ?? [])];
}

export function isOnCall(catalog: Catalog, email: string | undefined): boolean {
  return email !== undefined && catalog.onCall.some((one) => one.toLowerCase() === email.toLowerCase());
}

/** What people call each group, by its name. */
export function groupTitles(catalog: Catalog): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(catalog.groups).map(([name, { title }]) => [name, title]));
}
