/** `/deploy`: a version of a service goes to one of its environments, in the way that the catalog names. */
import { type ChangeAction, defineAction } from '../core/action.ts';
import { readMoment } from '../core/moment.ts';
import { ok, refuse } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
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
    positional: [
      { field: 'service' },
      { field: 'version' },
      { field: 'environment', word: 'to' },
      { field: 'at', word: 'at', otherWord: 'in', isRest: true },
    ],
    examples: [
      '/deploy payments v1.4.2 to staging',
      '/deploy checkout latest to staging',
      '/deploy search v0.9.4 to production',
      '/deploy payments v1.4.2 to production in 2h',
    ],
  },
  input,

  target: (asked, { catalog }) => serviceTarget(asked, catalog),

  notBefore({ at }, { now, zone }) {
    const read = at === undefined ? ok(undefined) : readMoment(at, now, zone);
    if (read.ok) return read;
    const { sentence } = read.problem;
    return refuse({ ...read.problem, fields: { at: sentence } });
  },

  wayBack: wayBackFrom,

  // Before its workflow ran or its pull request was merged nothing has changed; and an image is set back by the undo.
  goesBackByItself: ({ undoCause, target }, { services }) =>
    undoCause?.kind === 'failed' &&
    ['run', 'sync'].includes(undoCause.step) &&
    services[target.service?.name ?? '']?.rollback === 'automatic',

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

/** To the version that ran before it, by its name: a "last good one" may be another by the time it is asked for. */
function wayBackFrom({ input: asked, preview, startedAt, steps }: PlatformRequest) {
  // An image that its own undo has set back is not out any more: there is nothing to go back from.
  if (steps.some(({ id, state }) => id === 'image' && state === 'undone')) return undefined;
  const version = preview?.resolved['running version'];
  const known = input.pick({ service: true, environment: true }).loose().safeParse(asked);
  if (!known.success || version === undefined || startedAt === undefined) return undefined;
  const { service, environment } = known.data;
  return { action: 'deploy.rollback', input: { service, environment, version } };
}
