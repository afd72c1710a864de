/** A rollout on the cluster, watched until every wanted Pod is there, or until it is clear that none will come. */
import type { ReadContext, StepContext, StepOutcome } from '../../core/action.ts';
import type { Workload } from '../../core/cluster.ts';
import { formatDuration, minuteMs, secondMs } from '../../core/duration.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { count } from '../../core/text.ts';
import { type Agreed, type AskedPlace, agreedPlace } from './place.ts';

/** Longer than Kubernetes' own deadline of ten minutes, so that its word on a stalled rollout comes first. */
const rolloutMax = 15 * minuteMs;
const lookAgain = 2 * secondMs;

/** @throws ProblemError `step_failed` with what stalls it, in words. */
export async function followRollout(asked: AskedPlace, context: StepContext): Promise<StepOutcome> {
  const workload = await workloadOf(asked, context);
  if (workload.isSettled) return { state: 'done', note: readyWords(workload) };
  if (!workload.mayRecover) throw new ProblemError(stalled(asked, workload));
  if (context.now - context.waitingSince > rolloutMax) throw new ProblemError(tooLong(asked, workload));
  return {
    state: 'waiting',
    note: readyWords(workload),
    progress: workload.troubles,
    againInMs: lookAgain,
  };
}

/** @throws ProblemError `not_found` when nothing runs there. */
export async function workloadOf(asked: AskedPlace, context: ReadContext & Agreed): Promise<Workload> {
  const { cluster, namespace, deployment } = agreedPlace(asked, context);
  const workload = await context.cluster(cluster).workload(namespace, deployment);
  if (workload) return workload;
  throw new ProblemError(
    problem(
      'not_found',
      `Nothing runs for ${asked.service} in ${asked.environment}: there is no Deployment ${deployment} in ${namespace}.`,
      `Bring a version there first: /deploy ${asked.service} … to ${asked.environment}`,
    ),
  );
}

export function readyWords({ ready, wanted }: Workload): string {
  return wanted === 0 ? 'no Pods, as asked' : `${ready} of ${wanted} ready`;
}

function stalled(asked: AskedPlace, workload: Workload) {
  const worst = workload.troubles[0] ?? 'it makes no progress';
  const meanwhile =
    workload.ready > 0
      ? ` Meanwhile ${workload.ready} of ${count(workload.wanted, 'Pod')} ${workload.ready === 1 ? 'is' : 'are'} ready.`
      : '';
  return problem('step_failed', `The rollout stalled. ${worst}.${meanwhile}`, readOn(asked, worst));
}

function tooLong(asked: AskedPlace, workload: Workload) {
  const why = workload.troubles[0] === undefined ? '' : `: ${workload.troubles[0]}`;
  return problem(
    'step_failed',
    `After ${formatDuration(rolloutMax)} only ${readyWords(workload)}${why}.`,
    readOn(asked, workload.troubles[0]),
  );
}

/** A container that never started has said nothing: what the cluster says of it is worth reading then. */
function readOn({ service, environment }: AskedPlace, trouble = ''): string {
  if (/^(?:ErrImage|Image|InvalidImage|CreateContainer|FailedCreate|Unschedulable)/.test(trouble)) {
    return `See what the cluster says of it: /svc events ${service} ${environment}`;
  }
  return `Read its last words: /svc logs ${service} ${environment}`;
}
