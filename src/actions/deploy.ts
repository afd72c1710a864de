/** `/deploy`: a version of a service goes to one of its environments, in the way that the catalog names. */
import { type ChangeAction, defineAction } from '../core/action.ts';
import { input } from './deploy/input.ts';
import { previewDeploy } from './deploy/preview.ts';
import { serviceOf } from './deploy/service.ts';
import { deliverySteps } from './deploy/steps.ts';
import { serviceTarget } from './service/place.ts';

const deploy: ChangeAction<typeof input> = {
  title: 'Deploy a service',
  summary: 'Bring a version of a service to an environment.',
  effect: 'change',
  channel: 'deploys',
  command: {
    slash: '/deploy',
    positional: [{ field: 'service' }, { field: 'version' }, { field: 'environment', word: 'to' }],
    examples: [
      '/deploy payments v1.4.2 to staging',
      '/deploy checkout latest to staging',
      '/deploy search v0.9.4 to production',
      '/deploy payments v1.4.2 to production',
    ],
  },
  input,

  target: (asked, { catalog }) => serviceTarget(asked, catalog),

  preview: (asked, context) => previewDeploy(asked, serviceOf(context.catalog, asked), context),

  steps: ({ service, environment }, catalog) => deliverySteps({ service, environment }, catalog),

  outputs(asked, context) {
    const { run, pull } = context.results;
    const version = context.resolved.version ?? asked.version;
    return {
      links: [
        ...(run?.url === undefined ? [] : [{ label: 'Workflow run', url: run.url }]),
        ...(pull?.url === undefined ? [] : [{ label: 'Pull request', url: pull.url }]),
      ],
      notes: [`${asked.service} ${version} runs in ${asked.environment} now. See \`/svc ${asked.service}\`.`],
    };
  },
};

export default defineAction(deploy);
