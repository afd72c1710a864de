/** `/env create`: a namespace of one's own with everything a team expects in it, for a while. */
import { type ChangeAction, defineAction, type KnownEnvironment, type Preview } from '../core/action.ts';
import { parseDuration } from '../core/duration.ts';
import { costOf, moneyText } from '../core/prices.ts';
import { input } from './environment/create-input.ts';
import { createSteps } from './environment/create-steps.ts';
import { createTarget } from './environment/create-target.ts';
import { blueprintOutputs, namespaceOf } from './environment/manifests.ts';
import { blueprintOf, orderFor } from './environment/order.ts';

const environmentCreate: ChangeAction<typeof input> = {
  title: 'Create an environment',
  summary: 'Make an environment of your own for a while.',
  effect: 'create',
  channel: 'requests',
  command: {
    slash: '/env',
    verb: 'create',
    positional: [{ field: 'name' }],
    examples: [
      '/env create checkout-pr-12 --blueprint web-service --ttl 8h',
      '/env create load-test --blueprint web-service --cpu 8 --memory-gi 16 --replicas 3 --ttl 2d',
    ],
  },
  input,

  target: createTarget,

  async preview(asked, context): Promise<Preview> {
    const { prices } = context.catalog;
    const cost = costOf(asked, prices);
    const blueprint = blueprintOf(context.catalog, asked.blueprint);
    return {
      sentence: `Creates the environment ${asked.name} from the blueprint ${blueprint.title} with ${asked.cpu} CPU and ${asked.memoryGi} GiB for ${asked.ttl}.`,
      details: [
        { label: 'Namespace', value: namespaceOf(asked.name) },
        { label: 'Cluster', value: context.catalog.environments.cluster },
        {
          label: 'Size',
          value: `${asked.cpu} CPU, ${asked.memoryGi} GiB, ${asked.replicas} × ${blueprint.title}`,
        },
        { label: 'Lives', value: asked.ttl },
        {
          label: 'Costs',
          value: `${moneyText(cost.perHour, prices)} an hour, ${moneyText(cost.perDay, prices)} a day`,
        },
      ],
      commits: [],
      resolved: {},
      cautions: [],
      cost,
    };
  },

  steps: () => createSteps,

  outputs(asked, context) {
    const blueprint = blueprintOf(context.catalog, asked.blueprint);
    const { url, secret } = blueprintOutputs(blueprint, orderFor(asked, context));
    const expiresAt = Number(context.results.ready?.readyAt ?? context.now) + (parseDuration(asked.ttl) ?? 0);
    const environment: KnownEnvironment = {
      name: asked.name,
      blueprint: asked.blueprint,
      team: context.request.target.team,
      cluster: context.catalog.environments.cluster,
      namespace: namespaceOf(asked.name),
      requestId: context.request.id,
      url,
      expiresAt,
    };
    return {
      links: [{ label: 'Open it', url }],
      notes: [
        secret === undefined
          ? `Everything about it: \`kubectl -n ${environment.namespace} get all\``
          : `Connection details: \`kubectl -n ${environment.namespace} get secret ${secret} -o yaml\` (read with your own rights)`,
      ],
      environment,
    };
  },
};

export default defineAction(environmentCreate);
