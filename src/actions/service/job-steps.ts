/**
 * The steps of a Job: make it, follow it to its end, keep what it said last. The card says none of that: it stands before
 * everybody, and `/svc logs --job` gives it to those who may read the service's logs.
 */
import type { Step, StepContext, StepOutcome } from '../../core/action.ts';
import type { Manifest } from '../../core/cluster.ts';
import { formatDuration, hourMs, minuteMs, parseDuration, secondMs } from '../../core/duration.ts';
import { lookAgainIn } from '../../core/look-again.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { redactLog } from '../../core/redact.ts';
import { fit } from '../../core/text.ts';
import { jobManifest, jobName, requestLabel, stateOf } from './job.ts';
import { orderOfRequest, type RunInput } from './job-order.ts';
import { agreedPlace } from './place.ts';

/** The step whose result has a Job's last words. */
export const wordsStep = 'ended';

const lookAgain = 2 * secondMs;
/** Beyond the Job's own deadline, which the cluster keeps. */
const graceMs = 2 * minuteMs;
/** One that ended may be gone after this: a former version of Greenlight had the cluster keep it no longer. */
const surelyThere = hourMs;
/** They stay with the request, so: few, short, and without what is secret. */
const linesKept = 20;
const lineLengthMax = 200;

export const runSteps: readonly Step<RunInput>[] = [
  {
    id: 'job',
    title: 'Job started',
    async find(asked, context) {
      const found = await clusterOf(asked, context).read(refOf(asked, context));
      if (found) return started(asked, found, context);
      // Made by an attempt whose answer was lost it may have run, and have been collected while nobody was there.
      if (context.now - context.attemptedAt >= surelyThere) throw new ProblemError(lost(asked));
      return undefined;
    },
    async do(asked, context) {
      const cluster = clusterOf(asked, context);
      const manifest = jobManifest(orderOfRequest(asked, context));
      const isMade = (await cluster.create(manifest)) === 'made';
      return started(asked, isMade ? manifest : await cluster.read(refOf(asked, context)), context);
    },
    async undo(asked, context) {
      const only = { [requestLabel]: context.request.key };
      const removed = await clusterOf(asked, context).remove(refOf(asked, context), only);
      if (removed.state === 'gone')
        return { state: 'done', note: 'deleted; what it did until then stays done' };
      const againInMs = lookAgainIn(context, lookAgain);
      return { state: 'waiting', note: `being deleted: ${removed.waitsFor}`, againInMs };
    },
  },
  { id: wordsStep, title: 'Job ended', do: follow },
  // A step of its own: what failed is taken back, and its last words are known by then.
  { id: 'finished', title: 'Job succeeded', do: judge },
];

/** Of an attempt whose answer was lost it is there already, under the same name and with our mark. */
function started(asked: RunInput, found: Manifest | undefined, { request }: StepContext): StepOutcome {
  const name = jobName(asked.job, request.key);
  if (found?.metadata.labels?.[requestLabel] !== request.key) throw new ProblemError(taken(name));
  return { state: 'done', note: name };
}

async function follow(asked: RunInput, context: StepContext): Promise<StepOutcome> {
  const { job } = orderOfRequest(asked, context);
  const found = await clusterOf(asked, context).read(refOf(asked, context));
  if (!found) throw new ProblemError(lost(asked));
  const now = stateOf(found);
  if (now.state === 'failed' || now.state === 'succeeded') {
    const lines = (await wordsOf(asked, context)).join('\n');
    return { state: 'done', result: { lines, ...(now.state === 'failed' ? { failed: now.why } : {}) } };
  }
  const longest = (parseDuration(job.timeout) ?? 0) + graceMs;
  if (context.now - context.waitingSince > longest) {
    throw new ProblemError(failed(asked, `it has not ended after ${formatDuration(longest)}`));
  }
  return { state: 'waiting', note: now.words, againInMs: lookAgain };
}

async function judge(asked: RunInput, context: StepContext): Promise<StepOutcome> {
  const why = context.results[wordsStep]?.failed;
  if (why !== undefined) throw new ProblemError(failed(asked, why));
  return { state: 'done' };
}

/** What it said is worth having, and not worth failing for. */
async function wordsOf(asked: RunInput, context: StepContext): Promise<string[]> {
  const { namespace, name } = refOf(asked, context);
  const lines = await clusterOf(asked, context)
    .jobLogs(namespace, name, linesKept)
    .catch(() => []);
  return redactLog(lines.join('\n'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => fit(line, lineLengthMax));
}

function clusterOf(asked: RunInput, context: StepContext) {
  return context.cluster(agreedPlace(asked, context).cluster);
}

function refOf(asked: RunInput, context: StepContext) {
  const { namespace } = agreedPlace(asked, context);
  return { apiVersion: 'batch/v1', kind: 'Job', namespace, name: jobName(asked.job, context.request.key) };
}

function failed(asked: RunInput, why: string) {
  return problem(
    'step_failed',
    `The Job ${asked.job} beside ${asked.service} in ${asked.environment} failed: ${why}.`,
    `What it did before it failed stays done: look at that before you run it again. What it said last: ${wordsLine(asked)}`,
  );
}

/** How those who may read them do. */
export function wordsLine({ service, environment, job }: RunInput): string {
  return `/svc logs ${service} ${environment} --job ${job}`;
}

/** It ran, or somebody deleted it before: said to have failed, or made anew, it might be carried out twice. */
function lost({ job, service }: RunInput) {
  return problem(
    'step_failed',
    `The Job ${job} beside ${service} is not there any more, and nobody can tell whether it has run.`,
    'Look at what it would have changed. Ask for it anew only if it has not run.',
  );
}

function taken(name: string) {
  return problem(
    'conflict',
    `There is a Job ${name} already, and it is not ours.`,
    'Delete it, and run it again.',
  );
}
