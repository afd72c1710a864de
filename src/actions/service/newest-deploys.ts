/**
 * The newest deploy of each of many services: of a few, what GitHub knows; of many, what went through Greenlight,
 * because a glance must not become hundreds of calls.
 */
import type { ReadContext } from '../../core/action.ts';
import { formatDuration } from '../../core/duration.ts';
import { problemFrom } from '../../core/problem.ts';
import type { PlatformRequest } from '../../core/request.ts';
import { deployWords, type LastDeploy } from './look.ts';

export interface Newest {
  /** `v1.4.1 by Priya Nair, 2h ago`; `undefined` when nothing is known of one. */
  wordsOf(service: string, now: number): string | undefined;
}

const askedMax = 10;
/** More would cost more than a glance is worth; who wants to know names the service. */
const ownLookedAtMax = 200;

export async function newestDeploys(services: readonly string[], context: ReadContext): Promise<Newest> {
  if (services.length <= askedMax) {
    const found = new Map(
      await Promise.all(services.map(async (name) => [name, await newestOf(name, context)] as const)),
    );
    return { wordsOf: (service, now) => deployWords(found.get(service), now) };
  }
  const own = await context.requests({ action: 'deploy', statuses: ['succeeded'], limit: ownLookedAtMax });
  const newest = new Map<string, PlatformRequest>();
  for (const request of own.toReversed()) newest.set(String(request.input.service), request);
  return {
    wordsOf(service, now) {
      const request = newest.get(service);
      if (!request) return undefined;
      const ago = formatDuration(now - request.updatedAt);
      return `${String(request.input.version)} by ${request.requester.name}, ${ago} ago`;
    },
  };
}

/** Of all its environments; what could not be asked is said only when nothing else is known. */
async function newestOf(name: string, { catalog, forge }: ReadContext): Promise<LastDeploy> {
  const service = catalog.services[name];
  if (!service) return undefined;
  const all = await Promise.all(
    Object.keys(service.environments).map((environment) =>
      forge.recentDeployments(service.repository, environment, 5).then(
        (found): LastDeploy => found.find((one) => one.state === 'success') ?? found[0],
        (error: unknown): LastDeploy => ({ unknown: problemFrom(error).sentence }),
      ),
    ),
  );
  const known = all.flatMap((last) => (last !== undefined && !('unknown' in last) ? [last] : []));
  return known.toSorted((one, other) => other.at - one.at)[0] ?? all.find((last) => last !== undefined);
}
