/** `/svc run`: a Job that the catalog describes, beside a service, followed to its end; its last words are for whoever may read the logs. */
import { type ChangeAction, defineAction } from '../core/action.ts';
import { jobInputs } from '../core/job-inputs.ts';
import { problem, refuse } from '../core/problem.ts';
import { didYouMean, listOf } from '../core/text.ts';
import { jobManifest } from './service/job.ts';
import { input, jobOf, orderOf, requireJob } from './service/job-order.ts';
import { runSteps, wordsLine } from './service/job-steps.ts';
import { placeOf, placeText, serviceTarget } from './service/place.ts';

const serviceRun: ChangeAction<typeof input> = {
  title: 'Run a Job',
  summary: 'Run a Job that the catalog describes, beside a service.',
  effect: 'change',
  channel: 'deploys',
  command: {
    slash: '/svc',
    verb: 'run',
    spoken: 'run a Job of',
    positional: [{ field: 'service' }, { field: 'environment', word: 'in' }, { field: 'job' }],
    examples: ['/svc run payments staging migrate', '/svc run payments in staging migrate'],
  },
  input,

  further({ service, job }, catalog) {
    const found = jobOf({ service: String(service), job: String(job) }, catalog);
    return found && jobInputs(found);
  },

  target(asked, { catalog }) {
    const target = serviceTarget(asked, catalog);
    if (!target.ok || jobOf(asked, catalog)) return target;
    const names = Object.keys(catalog.services[asked.service]?.jobs ?? {});
    const sentence = `${asked.service} has no Job "${asked.job}".${didYouMean(asked.job, names)}`;
    const next =
      names.length === 0 ? 'Describe one in the catalog, under `jobs`.' : `It has ${listOf(names)}.`;
    return refuse(problem('bad_input', sentence, next, { fields: { job: sentence } }));
  },

  async preview(asked, context) {
    const { cluster, namespace, deployment } = placeOf(asked, context.catalog);
    const job = requireJob(asked, context);
    const image = await context.cluster(cluster).image(namespace, deployment);
    const manifest = jobManifest({ ...orderOf(asked, job, image, 'preview'), namespace });
    const [container] = containersOf(manifest.spec);
    return {
      sentence: `Runs the Job ${asked.job} beside ${asked.service} in ${asked.environment}: ${job.title}.`,
      details: [
        { label: 'Image', value: String(container?.image ?? image) },
        { label: 'Runs', value: commandWords(container) },
        { label: 'At most', value: `${job.timeout}, tried ${job.retries + 1}×` },
      ],
      commits: [],
      // What runs may have changed by the time that it is approved: then it is asked again.
      resolved: { image, place: placeText(asked, context.catalog) },
      cautions: [],
    };
  },

  steps: () => runSteps,

  outputs: (asked) => ({
    links: [],
    notes: [
      `${asked.job} beside ${asked.service} in ${asked.environment} is done.`,
      `What it said last, for those who may read the logs: \`${wordsLine(asked)}\``,
    ],
  }),
};

export default defineAction(serviceRun);

interface Container {
  readonly image?: unknown;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
}

function containersOf(spec: unknown): readonly Container[] {
  const { template } = spec as { template: { spec: { containers: readonly Container[] } } };
  return template.spec.containers;
}

function commandWords(container: Container | undefined): string {
  const words = [...(container?.command ?? []), ...(container?.args ?? [])];
  return words.length === 0 ? 'what the image runs by itself' : words.join(' ');
}
