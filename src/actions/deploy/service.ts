import type { Catalog } from '../../core/catalog.ts';
import { digestOf } from '../../core/digest.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import type { Service } from '../../core/service.ts';

/** @throws ProblemError when it left the catalog since it was asked for. */
export function serviceOf(catalog: Catalog, asked: { readonly service: string }): Service {
  const service = catalog.services[asked.service];
  if (service) return service;
  throw new ProblemError(
    problem(
      'not_found',
      `The service "${asked.service}" is no longer in the catalog.`,
      'Ask the platform team what became of it.',
    ),
  );
}

/**
 * A fingerprint of how and where it is deployed: whoever agreed to a deploy by one workflow, to one cluster, has not
 * agreed to what the catalog names by the time it starts.
 */
export function wayOfDeploying({ repository, deploy, environments }: Service, environment: string): string {
  return digestOf({ repository, deploy, place: environments[environment] }).slice(0, 12);
}
