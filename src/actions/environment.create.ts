/** `/env create`: a namespace of one's own with everything a team expects in it, for a while. */
import { type ChangeAction, defineAction, type KnownEnvironment } from '../core/action.ts';
import { parseDuration } from '../core/duration.ts';
import { listOf } from '../core/text.ts';
import { handedOver } from './environment/create/hand-over-step.ts';
import { rememberedPlan } from './environment/create/plan.ts';
import { costOfCreate, previewCreate } from './environment/create/preview.ts';
import { createSteps, undoForgotten } from './environment/create/steps.ts';
import { input } from './environment/create-input.ts';
import { createTarget } from './environment/create-target.ts';
import { agreedCluster, namespaceOf } from './environment/order.ts';
import { madeParts } from './environment/parts.ts';

const environmentCreate: ChangeAction<typeof input> = {
  title: 'Create an environment',
  summary: 'Make an environment of your own for a while.',
  effect: 'create',
  channel: 'requests',
  command: {
    slash: '/env',
    verb: 'create',
    isMain: true,
    positional: [{ field: 'name' }],
    examples: [
      '/env create checkout-pr-12 --blueprint web-service --ttl 8h',
      '/env create load-test --blueprint web-service --cpu 8 --memory-gi 16 --replicas 3 --ttl 2d',
    ],
  },
  input,
  narrows: { cpu: 'less', memoryGi: 'less', replicas: 'fewer', ttl: 'shorter' },

  target: createTarget,

  presets: ({ blueprint = 'web-service' }, catalog) =>
    (typeof blueprint === 'string' ? catalog.blueprints[blueprint]?.defaults : undefined) ?? {},

  further: ({ blueprint }, catalog) =>
    typeof blueprint === 'string' ? catalog.blueprints[blueprint]?.inputs : undefined,

  preview: previewCreate,
  cost: costOfCreate,

  steps: createSteps,

  undoForgotten,

  outputs(asked, context) {
    const { url, links, secrets, notes } = handedOver(context.results);
    const expiresAt = Number(context.results.ready?.readyAt ?? context.now) + (parseDuration(asked.ttl) ?? 0);
    const environment: KnownEnvironment = {
      name: asked.name,
      blueprint: asked.blueprint,
      team: context.request.target.team,
      cluster: agreedCluster(context),
      namespace: namespaceOf(asked.name),
      requestId: context.request.id,
      url,
      expiresAt,
      objects: rememberedPlan(context.results).objects,
      parts: madeParts(context.results),
      secrets,
    };
    return {
      links: [...(url === '' ? [] : [{ label: 'Open it', url }]), ...links],
      notes: [
        ...notes,
        ...(secrets.length > 0
          ? [
              `Connection details (${listOf(secrets.flatMap(({ keys }) => keys))}): \`/env connect ${asked.name}\` says how to read them with your own rights.`,
            ]
          : []),
        `Everything about it: \`kubectl -n ${environment.namespace} get all\``,
      ],
      environment,
    };
  },
};

export default defineAction(environmentCreate);
