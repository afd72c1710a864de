/** Variables of an environment: https://docs.github.com/rest/actions/variables */
import { z } from 'zod';
import {
  bodyOf,
  GithubError,
  json,
  noContent,
  notFound,
  page,
  type RepositoryCall,
  type RepositoryRoute,
} from '../http.ts';
import { at } from '../shapes/basics.ts';
import type { Environment, EnvironmentVariable } from '../state.ts';

const about = 'repository';
const variables = '/repos/:owner/:repo/environments/:environment/variables';
const variable = `${variables}/:name`;
const read = ['environments', 'read'] as const;
const write = ['environments', 'write'] as const;

export const environmentVariableRoutes: readonly RepositoryRoute[] = [
  {
    ...{ about, method: 'GET', path: variables, needs: read },
    docs: 'actions/variables#list-environment-variables',
    handle: (call) =>
      page(call, [...environmentOf(call).variables.values()], variableShape, (shown, total) => ({
        total_count: total,
        variables: shown,
      })),
  },
  {
    ...{ about, method: 'GET', path: variable, needs: read },
    docs: 'actions/variables#get-an-environment-variable',
    handle: (call) => json(200, variableShape(variableOf(call))),
  },
  {
    ...{ about, method: 'POST', path: variables, needs: write },
    docs: 'actions/variables#create-an-environment-variable',
    handle(call) {
      const { name, value } = bodyOf(call, bodySchema, 'Variable');
      const environment = environmentOf(call);
      const key = name.toUpperCase();
      if (environment.variables.has(key))
        throw new GithubError(409, 'Already exists - Variable already exists');
      const now = call.state.clock.now();
      environment.variables.set(key, { name: key, value, createdAt: now, updatedAt: now });
      return json(201, {});
    },
  },
  {
    ...{ about, method: 'PATCH', path: variable, needs: write },
    docs: 'actions/variables#update-an-environment-variable',
    handle(call) {
      const { value } = bodyOf(call, z.object({ value: z.string() }), 'Variable');
      const known = variableOf(call);
      environmentOf(call).variables.set(known.name, { ...known, value, updatedAt: call.state.clock.now() });
      return noContent;
    },
  },
  {
    ...{ about, method: 'DELETE', path: variable, needs: write },
    docs: 'actions/variables#delete-an-environment-variable',
    handle(call) {
      environmentOf(call).variables.delete(variableOf(call).name);
      return noContent;
    },
  },
];

/** Letters, digits and underscores, not beginning with a digit or `GITHUB_`. */
const bodySchema = z.object({
  name: z.string().regex(/^(?!GITHUB_)[A-Za-z_][A-Za-z0-9_]*$/i),
  value: z.string(),
});

function environmentOf(call: RepositoryCall): Environment {
  const environment = call.repository.environments.get(call.params.environment ?? '');
  if (!environment) throw notFound();
  return environment;
}

function variableOf(call: RepositoryCall): EnvironmentVariable {
  const known = environmentOf(call).variables.get((call.params.name ?? '').toUpperCase());
  if (!known) throw notFound();
  return known;
}

function variableShape({ name, value, createdAt, updatedAt }: EnvironmentVariable) {
  return { name, value, created_at: at(createdAt), updated_at: at(updatedAt) };
}
