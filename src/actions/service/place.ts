/** What an action about a service is about: the one environment it names, or all of them. */
import type { StepContext, Target } from '../../core/action.ts';
import type { Catalog } from '../../core/catalog.ts';
import { type Tier, tiers } from '../../core/names.ts';
import { ok, ProblemError, problem, type Result, refuse } from '../../core/problem.ts';
import type { Service, ServiceEnvironment } from '../../core/service.ts';
import { didYouMean, listOf } from '../../core/text.ts';
import { named, type Route } from '../deploy/delivery.ts';

export interface AskedService {
  readonly service: string;
  readonly environment?: string | undefined;
}

/** `scope`: of one of several services in the same request. */
export type AskedPlace = Required<AskedService> & Pick<Route, 'scope'>;

/** Where one environment of a service runs. */
export interface Place {
  readonly service: Service;
  readonly cluster: string;
  readonly namespace: string;
  readonly deployment: string;
}

/** With the tier of the environment; of several, with that of the most careful one. */
export function serviceTarget(asked: AskedService, catalog: Catalog): Result<Target> {
  const service = catalog.services[asked.service];
  if (!service) return refuse(unknownService(asked.service, catalog));
  if (asked.environment === undefined)
    return ok(targetOf(asked.service, asked.service, service, strictest(service)));
  const environment = service.environments[asked.environment];
  if (!environment) return refuse(unknownEnvironment(asked.service, asked.environment, service));
  return ok(targetOf(`${asked.service} in ${asked.environment}`, asked.service, service, environment.tier));
}

/** @throws ProblemError when it left the catalog since it was asked for. */
export function placeOf(asked: Required<AskedService>, catalog: Catalog): Place {
  const service = catalog.services[asked.service];
  const environment = service?.environments[asked.environment ?? ''];
  if (service && environment) return { service, ...whereRuns(asked.service, environment) };
  throw new ProblemError(
    problem(
      'not_found',
      `${asked.service} in ${asked.environment} is no longer in the catalog.`,
      'Ask the platform team what became of it.',
    ),
  );
}

/**
 * Where it was agreed to be, as `placeText` wrote it: the catalog may say another place since, where nothing is found of
 * what was done before. Requests of older versions do not know.
 */
export function agreedPlace(asked: AskedPlace, { resolved, catalog }: Agreed): Omit<Place, 'service'> {
  const [cluster, namespace, deployment] = resolved?.[named(asked.scope, 'place')]?.split('/') ?? [];
  if (cluster && namespace && deployment) return { cluster, namespace, deployment };
  return placeOf(asked, catalog);
}

export type Agreed = Pick<StepContext, 'catalog'> & Partial<Pick<StepContext, 'resolved'>>;

/** `sandbox/payments-production/payments`: for `resolved`, and for people when it has moved. */
export function placeText(asked: Required<AskedService>, catalog: Catalog): string {
  const { cluster, namespace, deployment } = placeOf(asked, catalog);
  return `${cluster}/${namespace}/${deployment}`;
}

export function whereRuns(service: string, environment: ServiceEnvironment): Omit<Place, 'service'> {
  const { cluster, namespace, deployment = service } = environment;
  return { cluster, namespace, deployment };
}

function targetOf(name: string, serviceName: string, service: Service, tier: Tier): Target {
  return {
    kind: 'service',
    name,
    tier,
    team: service.owners[0] ?? '',
    service: { name: serviceName, owners: service.owners },
  };
}

function strictest(service: Service): Tier {
  const ranks = Object.values(service.environments).map(({ tier }) => tiers.indexOf(tier));
  return tiers[Math.max(0, ...ranks)] ?? 'production';
}

function unknownService(typed: string, { services }: Catalog) {
  const sentence = `There is no service "${typed}".${didYouMean(typed, Object.keys(services))}`;
  return problem('bad_input', sentence, 'Look for it with /svc find and a word of it.', {
    fields: { service: sentence },
  });
}

function unknownEnvironment(name: string, typed: string, service: Service) {
  const names = Object.keys(service.environments);
  const sentence = `${name} has no environment "${typed}".${didYouMean(typed, names)}`;
  return problem('bad_input', sentence, `It has ${listOf(names)}.`, { fields: { environment: sentence } });
}
