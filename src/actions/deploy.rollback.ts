/** `/rollback`: a service goes back to the last version that worked there, or to one that did and is named. */
import { z } from 'zod';
import { type ChangeAction, defineAction } from '../core/action.ts';
import { imageOrRevisionSteps } from './deploy/by-revision.ts';
import { versionField } from './deploy/input.ts';
import { previewRollback } from './deploy/rollback-preview.ts';
import { serviceOf } from './deploy/service.ts';
import { deliverySteps } from './deploy/steps.ts';
import { environmentField, serviceField } from './service/fields.ts';
import { serviceTarget } from './service/place.ts';

const input = z.strictObject({
  service: serviceField('What to roll back.'),
  environment: environmentField('Where.'),
  version: versionField('One that worked there before; the last good one when left out.').optional(),
});

const rollback: ChangeAction<typeof input> = {
  title: 'Roll back a service',
  summary: 'Bring back the last version that worked.',
  effect: 'change',
  channel: 'deploys',
  command: {
    slash: '/rollback',
    spoken: 'roll back',
    positional: [
      { field: 'service' },
      { field: 'environment', word: 'in' },
      { field: 'version', word: 'to' },
    ],
    examples: ['/rollback checkout in staging', '/rollback payments staging to v1.4.0'],
  },
  input,

  target: (asked, { catalog }) => serviceTarget(asked, catalog),

  preview: (asked, context) => previewRollback(asked, serviceOf(context.catalog, asked), context),

  steps({ service, environment }, catalog) {
    const route = { service, environment };
    const isByImage = catalog.services[service]?.deploy.by === 'image';
    return isByImage ? imageOrRevisionSteps(route) : deliverySteps(route, catalog);
  },

  outputs({ service, environment }, context) {
    const { run, pull } = context.results;
    return {
      links: [
        ...(run?.url === undefined ? [] : [{ label: 'Workflow run', url: run.url }]),
        ...(pull?.url === undefined ? [] : [{ label: 'Pull request', url: pull.url }]),
      ],
      notes: [
        `${service} ${context.resolved.version ?? ''} runs in ${environment} again. See \`/svc ${service}\`.`,
      ],
    };
  },
};

export default defineAction(rollback);
