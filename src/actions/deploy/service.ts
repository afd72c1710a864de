import type { Catalog } from '../../core/catalog.ts';
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
