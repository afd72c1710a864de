/** What somebody asks for with a Job, and what the catalog makes of it. */
import { z } from 'zod';
import type { FieldMeta, ReadContext, StepContext } from '../../core/action.ts';
import type { Catalog } from '../../core/catalog.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import type { JobValues, ServiceJob } from '../../core/service-job.ts';
import { environmentField, serviceField } from './fields.ts';
import type { JobOrder } from './job.ts';
import { agreedPlace } from './place.ts';

export const input = z.strictObject({
  service: serviceField('Beside which.'),
  environment: environmentField('Where.'),
  job: z
    .string()
    .min(1)
    .max(30)
    .meta({
      title: 'Job',
      description: 'Which one: its name in the catalog.',
      placeholder: 'migrate',
      decides: true,
    } satisfies FieldMeta),
  /** What the Job asks for beside. */
  values: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ title: 'Inputs', description: 'What the Job asks for.' } satisfies FieldMeta),
});
export type RunInput = z.infer<typeof input>;

/** What the steps make of the request: the same whenever it is asked. @throws ProblemError when the Job left the catalog. */
export function orderOfRequest(asked: RunInput, context: StepContext): JobOrder {
  const job = requireJob(asked, context);
  const { namespace } = agreedPlace(asked, context);
  return { ...orderOf(asked, job, context.resolved.image ?? '', context.request.key), namespace };
}

export function orderOf(asked: RunInput, job: ServiceJob, image: string, requestKey: string) {
  const chosen = Object.entries(asked.values).map(
    ([name, value]) => [`input.${name}`, plain(value)] as const,
  );
  const values: JobValues = {
    service: asked.service,
    environment: asked.environment,
    image,
    ...Object.fromEntries(chosen),
  };
  return { name: asked.job, job, service: asked.service, values, requestKey };
}

function plain(value: unknown): string | number {
  return typeof value === 'number' ? value : String(value);
}

export function jobOf(
  { service, job }: Pick<RunInput, 'service' | 'job'>,
  catalog: Catalog,
): ServiceJob | undefined {
  const jobs = catalog.services[service]?.jobs ?? {};
  return Object.hasOwn(jobs, job) ? jobs[job] : undefined;
}

export function requireJob(asked: RunInput, { catalog }: ReadContext): ServiceJob {
  const job = jobOf(asked, catalog);
  if (job) return job;
  throw new ProblemError(
    problem('not_found', `The Job ${asked.job} is no longer in the catalog.`, 'Ask who keeps the catalog.'),
  );
}
