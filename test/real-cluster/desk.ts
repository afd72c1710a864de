/**
 * The real desk, runner and store over the cluster under test, with the sandbox's GitHub beside it: whatever is asked for
 * here is judged, previewed and carried out as in production. The guardrails allow everything.
 */
import type { Answer } from '../../src/core/action.ts';
import type { Catalog } from '../../src/core/catalog.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { serviceSchema } from '../../src/core/service.ts';
import { connectGithub } from '../../src/platforms/github/forge.ts';
import { createFaults } from '../../src/sandbox/faults.ts';
import { startGithubBox } from '../../src/sandbox/github/box.ts';
import { createJournal } from '../../src/sandbox/journal.ts';
import { benchDesk, shipped } from '../actions/bench-world.ts';
import { catalog } from '../approvals/shipped.ts';
import { blueprintOf } from '../blueprints/blueprint.ts';
import { dana, value } from '../desk/desk-world.ts';
import { type RealWorld, removeNamespace } from './world.ts';

export interface RealDesk {
  /** Asks for it and waits for its end. */
  run(action: string, input: Readonly<Record<string, unknown>>): Promise<PlatformRequest>;
  answer(action: string, input: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** A name for an environment that nobody else has; its namespace goes at the end. */
  newName(): string;
}

/** An image may have to be pulled first; a test has five minutes. */
const longest = 4 * 60_000;
const githubToken = 'ghs_sandboxGreenlightInstallation0000000000';

export async function openDesk(world: RealWorld): Promise<RealDesk> {
  const { clock, cluster, pass, keepTrack } = world;
  const github = await startGithubBox({
    ...{ port: 0, clock, faults: createFaults(), journal: createJournal() },
  });
  keepTrack(() => github.stop());
  const names: string[] = [];
  // After the desk was closed: what was cut off in the middle makes nothing more.
  keepTrack(() => Promise.all(names.map((name) => removeNamespace(world, `env-${name}`))));
  const bench = await benchDesk({
    ...{ clock, pass, longest, actions: shipped, catalog: catalogOf(world) },
    outside: {
      forge: connectGithub({ auth: { token: githubToken }, baseUrl: github.url, now: clock.now }),
      cluster: () => cluster,
    },
  });
  keepTrack(() => bench.close());
  let answers = 0;
  return {
    run: async (action, input) => bench.finish(await bench.ask(action, input)),
    async answer(action, input) {
      const key = `answer ${++answers}`;
      const origin = { surface: 'command' } as const;
      return value(await bench.desk.answer({ key, action, input, requester: dana, origin }));
    },
    newName() {
      const name = `${world.namespace}-${names.length + 1}`;
      names.push(name);
      return name;
    },
  };
}

/** What is shipped, as far as any cluster has it: no secret for images, no people to act as, no nights. */
function catalogOf(world: RealWorld): Catalog {
  const { cluster, teams, ttl, podSecurity, ingressFrom, egressTo, outside, lends } = catalog.environments;
  const { namespace, nextImage } = world;
  return {
    ...catalog,
    clusters: { [cluster]: { title: 'Under test', context: cluster } },
    environments: { cluster, teams, ttl, podSecurity, ingressFrom, egressTo, outside, lends },
    blueprints: {
      ...(catalog.blueprints.namespace ? { namespace: catalog.blueprints.namespace } : {}),
      small: smallBlueprint(world),
    },
    services: {
      web: serviceSchema.parse({
        ...{ title: 'Web', owners: ['sre'], repository: 'acme/search' },
        ...(nextImage === undefined ? {} : { deploy: { by: 'image', image: nextImage } }),
        environments: { test: { tier: 'dev', cluster, namespace } },
      }),
    },
  };
}

/** One Deployment, as small as they come. */
function smallBlueprint({ image }: RealWorld) {
  return blueprintOf(`
resources:
  web:
    manifest:
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
        labels: { app.kubernetes.io/part-of: "\${environment.name}" }
      spec:
        replicas: \${environment.replicas}
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec:
            serviceAccountName: workload
            containers:
              - name: web
                image: ${JSON.stringify(image)}
                resources: { requests: { cpu: 10m, memory: 16Mi } }
`);
}
