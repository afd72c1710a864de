/** The bench with a hand at GitHub that is not ours, for deploys in every way that the catalog knows. */
import { onTestFinished } from 'vitest';
import type { PlatformRequest } from '../../src/core/request.ts';
import type { ServiceEnvironment } from '../../src/core/service.ts';
import { catalog } from '../approvals/shipped.ts';
import { type Bench, benchWorld } from './bench-world.ts';

export async function world(): Promise<Bench> {
  const bench = await benchWorld();
  onTestFinished(() => bench.close());
  return bench;
}

const token = 'ghs_sandboxGreenlightInstallation0000000000';

/** A hand at GitHub that is not ours. */
export async function atGithub(bench: Bench, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${bench.githubUrl}/repos/acme/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}

export const running = (id: string) => (request: PlatformRequest) =>
  request.steps.some((step) => step.id === id && step.state === 'running');
export const noteOf = (request: PlatformRequest, id: string) =>
  request.steps.find((step) => step.id === id)?.note;
export const image = async (bench: Bench, service: string, environment: string) => {
  const { cluster } = await bench.look();
  return JSON.stringify(cluster[`deployments ${service}-${environment}/${service}`]).match(
    /"image":"([^"]+)"/,
  )?.[1];
};

/** From now on the catalog says that search runs there in another namespace. */
export function moveSearch(bench: Bench, environment: string, namespace: string): void {
  editCatalog(bench, { service: 'search', environment }, { namespace });
}

/** From now on the catalog says this of one environment of a service. */
export function editCatalog(
  { context }: Bench,
  { service, environment }: { readonly service: string; readonly environment: string },
  edit: Partial<ServiceEnvironment>,
): void {
  const entry = catalog.services[service];
  const former = entry?.environments[environment];
  if (!entry || !former) throw new Error(`there is no ${service} in ${environment}`);
  const environments = { ...entry.environments, [environment]: { ...former, ...edit } };
  const services = { ...catalog.services, [service]: { ...entry, environments } };
  Object.assign(context, { catalog: () => ({ ...catalog, services }) });
}

export const checkout = { service: 'checkout', version: 'v2.8.0', environment: 'staging' };
export const search = { service: 'search', version: 'v0.9.4', environment: 'production' };
export const payments = { service: 'payments', version: 'v1.4.2', environment: 'staging' };
