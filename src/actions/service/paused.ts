/** A rollout that somebody holds, or lets go: the two are one change and its opposite. */
import type { Preview, ReadContext, Step, StepContext } from '../../core/action.ts';
import { type Agreed, type AskedService, agreedPlace, placeText } from './place.ts';
import { readyWords, workloadOf } from './rollout.ts';

type Asked = Required<AskedService>;

/** @throws ProblemError when nothing runs there */
export async function previewPause(asked: Asked, isPaused: boolean, context: ReadContext): Promise<Preview> {
  const [workload, isSo] = await Promise.all([workloadOf(asked, context), isPausedNow(asked, context)]);
  return {
    sentence: sentenceOf(asked, isPaused, isSo),
    details: [
      { label: 'Version', value: workload.version },
      { label: 'Now', value: readyWords(workload) },
    ],
    commits: [],
    resolved: { place: placeText(asked, context.catalog) },
    cautions: [
      ...(isSo === isPaused ? [isPaused ? 'It is paused already.' : 'It is not paused.'] : []),
      ...(isPaused && !workload.isSettled
        ? ['A rollout is half-way: old and new Pods stay as they are.']
        : []),
    ],
  };
}

export function pauseSteps(isPaused: boolean): readonly Step<Asked>[] {
  return [
    {
      // A step of its own: once it is changed, nobody could tell any more how it was.
      id: 'before',
      title: 'Former state remembered',
      async do(asked, context) {
        const wasPaused = await isPausedNow(asked, context);
        return {
          state: 'done',
          note: wasPaused ? 'paused' : 'not paused',
          result: { wasPaused: String(wasPaused) },
        };
      },
    },
    {
      id: 'set',
      title: isPaused ? 'Rollout paused' : 'Rollout resumed',
      async do(asked, context) {
        await set(asked, isPaused, context);
        return { state: 'done' };
      },
      async undo(asked, context) {
        const former = context.results.before?.wasPaused === 'true';
        await set(asked, former, context);
        return { state: 'done', note: former ? 'paused, as before' : 'not paused, as before' };
      },
    },
  ];
}

async function set(asked: Asked, isPaused: boolean, context: StepContext): Promise<void> {
  const { cluster, namespace, deployment } = agreedPlace(asked, context);
  await context.cluster(cluster).pause(namespace, deployment, isPaused, context.fence);
}

function sentenceOf({ service, environment }: Asked, isPaused: boolean, isSo: boolean): string {
  const what = `the rollout of ${service} in ${environment}`;
  if (isSo === isPaused) return `Leaves ${what} as it is.`;
  return isPaused ? `Pauses ${what}: what runs goes on, what is deployed waits.` : `Lets ${what} go on.`;
}

/** Read anew: what is asked for rests on what it says. */
async function isPausedNow(asked: Asked, context: ReadContext & Agreed): Promise<boolean> {
  const { cluster, namespace, deployment } = agreedPlace(asked, context);
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: deployment };
  const spec = (await context.cluster(cluster).read(ref))?.spec;
  return typeof spec === 'object' && spec !== null && 'paused' in spec && spec.paused === true;
}
