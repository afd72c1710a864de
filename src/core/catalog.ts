/**
 * What exists: services with their owners and environments, clusters, blueprints, groups, prices. `data/catalog.yml`
 * holds it; this is its shape. Everything that an input may name is looked up here, never guessed.
 */
import { z } from 'zod';

/** Where something lives decides how careful we are with it. */
export const tiers = ['dev', 'staging', 'production'] as const;
export type Tier = (typeof tiers)[number];

/** A DNS label (RFC 1123): what Kubernetes takes as a namespace's name; 63 characters at most. */
export const dnsLabel = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'use small letters, digits and dashes, at most 63, a letter or digit at both ends',
  );

const word = dnsLabel;
const title = z.string().min(1).max(75);

export const groupSchema = z.strictObject({
  title,
  /** E-mail addresses, as in the workspace. */
  members: z.array(z.email()),
});

export const clusterSchema = z.strictObject({
  title,
  /** The context of the kubeconfig to use. */
  context: z.string().min(1),
});

export const serviceEnvironmentSchema = z.strictObject({
  tier: z.enum(tiers),
  cluster: word,
  namespace: word,
  /** The Deployment's name; the service's own when not given. */
  deployment: word.optional(),
});
export type ServiceEnvironment = z.infer<typeof serviceEnvironmentSchema>;

export const serviceSchema = z.strictObject({
  title,
  /** Groups that own it. */
  owners: z.array(word).min(1),
  /** `owner/name` at GitHub. */
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'write owner/name'),
  /** The workflow file that deploys it: takes the inputs `version`, `environment` and `greenlight_request`. */
  workflow: z.string().default('deploy.yml'),
  environments: z.record(word, serviceEnvironmentSchema),
});
export type Service = z.infer<typeof serviceSchema>;

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

export const catalogSchema = z.strictObject({
  /** IANA zone in which windows and hours are meant. */
  zone: z.string(),
  groups: z.record(word, groupSchema),
  /** E-mail addresses of those on call now. */
  onCall: z.array(z.email()),
  clusters: z.record(word, clusterSchema),
  /** Where environments on request are made. */
  environments: z.strictObject({
    cluster: word,
    /** Groups whose members may be given an environment; the first one a requester is in owns it. */
    teams: z.array(word).min(1),
    ttl: z.strictObject({ default: z.string(), max: z.string() }),
  }),
  /** In the currency below. */
  prices: z.strictObject({
    currency: z.string(),
    cpuHour: z.number().min(0),
    memoryGiHour: z.number().min(0),
  }),
  services: z.record(word, serviceSchema),
  blueprints: z.record(word, blueprintSchema),
});
export type Catalog = z.infer<typeof catalogSchema>;

/** The groups an e-mail address is in, in the catalog's order. Addresses compare without case. */
export function groupsOf(catalog: Catalog, email: string | undefined): string[] {
  if (email === undefined) return [];
  const lower = email.toLowerCase();
  return Object.entries(catalog.groups)
    .filter(([, group]) => group.members.some((member) => member.toLowerCase() === lower))
    .map(([name]) => name);
}

export function isOnCall(catalog: Catalog, email: string | undefined): boolean {
  return email !== undefined && catalog.onCall.some((one) => one.toLowerCase() === email.toLowerCase());
}

/** What people call each group, by its name. */
export function groupTitles(catalog: Catalog): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(catalog.groups).map(([name, { title }]) => [name, title]));
}
