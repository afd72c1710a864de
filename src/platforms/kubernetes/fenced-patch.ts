/**
 * A change of an object that a newer run may have changed already. The fence that it carries is compared here, and the
 * version of what was compared goes along: the server itself refuses when somebody has written in between.
 */
import { z } from 'zod';
import { fenceAnnotation, readFence, tooLate } from '../../core/fence.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { StatusError, type Transport } from './transport.ts';

export interface FencedPatch {
  readonly path: string;
  readonly fieldManager: string;
  /** A merge patch (RFC 7386) of the object; `metadata.annotations` may be part of it. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Lists are merged by their items' names rather than replaced: Kubernetes' own kind of patch. */
  readonly isStrategic?: boolean;
  /** Of the run that writes; without one there is nothing to compare. */
  readonly fence: number | undefined;
  /** For sentences: "Deployment payments in payments-staging". */
  readonly about: string;
}

/** Controllers write the status of a busy object several times a second; five times in a row is no coincidence. */
const attemptsMax = 5;

/**
 * @throws ProblemError `conflict` when a newer run has written it, and a transient one when others keep writing.
 * @throws StatusError as the server answers.
 */
export async function patchFenced(transport: Transport, patch: FencedPatch): Promise<void> {
  if (patch.fence === undefined) return send(transport, patch, patch.body);
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const { metadata } = carrierSchema.parse(await transport.call({ method: 'GET', path: patch.path }));
    const late = tooLate(patch.fence, readFence(metadata.annotations), patch.about);
    if (late) throw new ProblemError(late);
    try {
      return await send(transport, patch, withFence(patch.body, patch.fence, metadata.resourceVersion));
    } catch (error) {
      if (!isWrittenMeanwhile(error)) throw error;
    }
  }
  throw new ProblemError(keepsChanging(patch.about));
}

const carrierSchema = z.object({
  metadata: z.object({
    resourceVersion: z.string().min(1),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
});

const partSchema = z.record(z.string(), z.unknown()).default({});

function withFence(body: FencedPatch['body'], fence: number, resourceVersion: string) {
  const metadata = partSchema.parse(body.metadata);
  const annotations = { ...partSchema.parse(metadata.annotations), [fenceAnnotation]: String(fence) };
  return { ...body, metadata: { ...metadata, resourceVersion, annotations } };
}

async function send(transport: Transport, patch: FencedPatch, body: unknown): Promise<void> {
  await transport.call({
    method: 'PATCH',
    path: patch.path,
    query: { fieldManager: patch.fieldManager },
    contentType: `application/${patch.isStrategic ? 'strategic-merge' : 'merge'}-patch+json`,
    body,
  });
}

function isWrittenMeanwhile(error: unknown): boolean {
  return error instanceof StatusError && error.code === 409 && error.status.reason === 'Conflict';
}

function keepsChanging(about: string) {
  return problem(
    'outside_unavailable',
    `${about} is being changed by others at this moment.`,
    'Greenlight tries again by itself.',
    { isTransient: true },
  );
}
