/** What an environment was made of, as it would be applied today. */
import type { ReadContext } from '../../core/action.ts';
import type { Manifest } from '../../core/cluster.ts';
import { type Problem, problem } from '../../core/problem.ts';
import { marked, observe } from './create/bring.ts';
import { namespaceManifest, type Room, roomPartsOf } from './create/room.ts';
import { sharesOf } from './create/shares.ts';
import { input as createInput } from './create-input.ts';
import type { LivingRecord } from './known.ts';
import { namespaceThere } from './namespace.ts';
import { digestText, scopeOf } from './order.ts';

export type Applied =
  | { readonly manifests: readonly Manifest[] }
  /** Why nobody can tell: it was adopted, or its blueprint is another one now. */
  | { readonly unknown: Problem };

/**
 * Without Secrets: what is in them is nobody's business but the Pods'.
 * @throws ProblemError when the cluster does not answer, or the namespace is gone.
 */
export async function appliedTo(record: LivingRecord, context: ReadContext): Promise<Applied> {
  const { living, team, owner } = record;
  const { catalog } = context;
  const blueprint = catalog.blueprints[living.blueprint];
  if (!blueprint) {
    return { unknown: cannotTell(living.name, 'no blueprint of the catalog made it') };
  }
  if (record.blueprintDigest !== undefined && record.blueprintDigest !== digestText(blueprint)) {
    return { unknown: cannotTell(living.name, `the blueprint ${blueprint.title} was edited since`) };
  }
  const wish = createInput.safeParse(record.input);
  if (!wish.success)
    return { unknown: cannotTell(living.name, 'it was asked for with what is no longer taken') };
  const cluster = context.cluster(living.cluster);
  const namespace = await namespaceThere(cluster, living);
  const requestKey = namespace.metadata.labels?.['greenlight.dev/request'] ?? record.requestId;
  const scope = scopeOf(blueprint, wish.data, { team, owner });
  const room: Room = {
    name: living.name,
    cpu: wish.data.cpu,
    memoryGi: wish.data.memoryGi,
    shares: sharesOf(blueprint, scope),
    team,
    teamMembers: catalog.groups[team]?.members ?? [],
    hasInstaller: blueprint.hasInstaller,
    owner,
    requestKey,
    rules: catalog.environments,
  };
  const wanted = blueprint.resources.filter((one) => one.isWanted(scope));
  const readable = wanted.filter((one) => one.kind !== 'Secret');
  const observed = await observe(
    cluster,
    readable.map((one) => [one.name, one.ref(scope)]),
  );
  const target = { kind: 'environment', name: living.name, tier: 'dev', team } as const;
  return {
    manifests: [
      namespaceManifest(room),
      ...roomPartsOf(room).map((part) => part.manifest(room)),
      ...readable.map((one) =>
        marked(one.manifest(scope, observed), { request: { key: requestKey, target } }),
      ),
    ],
  };
}

function cannotTell(name: string, why: string): Problem {
  return problem(
    'conflict',
    `Nobody can tell what ${name} should be like: ${why}.`,
    `Make a new one: \`/env create\`, and destroy this one: \`/env destroy ${name}\`.`,
  );
}
