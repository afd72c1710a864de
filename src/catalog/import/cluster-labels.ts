/**
 * Services out of what runs: Deployments with Kubernetes' recommended labels
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/) and two of ours for what those
 * do not say.
 */
import { type Found, type FoundService, type LeftOut, nameOf, tierOf } from './found.ts';

/** A Deployment as it was listed. */
export interface Labelled {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ClusterOptions {
  /** The cluster's name in the catalog. */
  readonly cluster: string;
  readonly organisation?: string;
  /** Services that the catalog has already: their environments are added without an owner being named. */
  readonly known: ReadonlySet<string>;
}

const serviceLabel = 'app.kubernetes.io/name';
const managedBy = 'app.kubernetes.io/managed-by';
/** Labels in which people say whose it is, ours first. */
const ownerLabels = ['greenlight.dev/team', 'team', 'owner'];
const repositoryAnnotation = 'greenlight.dev/repository';
const environmentLabels = ['greenlight.dev/stage', 'environment', 'env'];

export function readClusterLabels(all: readonly Labelled[], options: ClusterOptions): Found {
  const services: Record<string, FoundService> = {};
  const left: LeftOut[] = [];
  for (const one of all) {
    // An environment on request is not a service, and says so.
    if (one.labels[managedBy] === 'greenlight') continue;
    const name = nameOf(one.labels[serviceLabel] ?? '');
    if (name === undefined) continue;
    const before = services[name];
    const service = serviceOf(name, one, options);
    if (typeof service === 'string') {
      left.push({ what: `Deployment ${one.namespace}/${one.name}`, why: service });
      continue;
    }
    services[name] = before
      ? { ...before, environments: { ...service.environments, ...before.environments } }
      : service;
  }
  return { services, groups: {}, left };
}

function serviceOf(name: string, one: Labelled, options: ClusterOptions): FoundService | string {
  const isKnown = options.known.has(name);
  const owner = ownerLabels.flatMap((label) => nameOf(one.labels[label] ?? '') ?? [])[0];
  if (owner === undefined && !isKnown) {
    return `nothing says whose it is: give it the label ${ownerLabels[0]}`;
  }
  const repository =
    one.annotations[repositoryAnnotation] ??
    (options.organisation === undefined ? undefined : `${options.organisation}/${name}`);
  if (repository === undefined && !isKnown) {
    return `nothing says where its code is: give it the annotation ${repositoryAnnotation}, or import with --organisation`;
  }
  const environment = environmentOf(name, one);
  return {
    title: one.labels[serviceLabel] ?? name,
    owners: owner === undefined ? [] : [owner],
    repository: repository ?? '',
    environments: {
      [environment]: {
        tier: tierOf(environment),
        cluster: options.cluster,
        namespace: one.namespace,
        ...(one.name === name ? {} : { deployment: one.name }),
      },
    },
  };
}

/** As a label says it, else what is left of the namespace's name (`payments-staging` -> `staging`). */
function environmentOf(service: string, { namespace, labels }: Labelled): string {
  const said = environmentLabels.flatMap((label) => nameOf(labels[label] ?? '') ?? [])[0];
  if (said !== undefined) return said;
  if (namespace.startsWith(`${service}-`)) return namespace.slice(service.length + 1);
  if (namespace.endsWith(`-${service}`)) return namespace.slice(0, -service.length - 1);
  return namespace;
}
