/** A deploy by a pull request to a GitOps repository: proposed, checked, merged, and followed to the cluster. */
import type { Step, StepContext, StepOutcome } from '../../core/action.ts';
import { fillDelivered } from '../../core/deploy-strategy.ts';
import { minuteMs, secondMs } from '../../core/duration.ts';
import { ProblemError, problemFrom } from '../../core/problem.ts';
import type { Pull } from '../../core/pulls.ts';
import { type Delivery, deliveryOf, type Route, resultOf, strategyOf } from './delivery.ts';
import { refuseTooLate } from './fenced.ts';
import {
  checksRed,
  closedByHand,
  conflicts,
  mergedAlready,
  mergeNote,
  notMerged,
  pushedByOthers,
} from './pull-words.ts';
import { confirmStep, recordStep } from './record.ts';
import { syncStep } from './sync.ts';
import { refuseMovedVersion } from './version.ts';

/** Checks of a GitOps repository take minutes; a person who must approve there is asked to within this time. */
const mergeMax = 60 * minuteMs;
const lookAgain = 3 * secondMs;

export function gitopsSteps(route: Route): readonly Step<unknown>[] {
  return [
    // Merged is not yet out: the rollout behind it may be what failed.
    recordStep(route, async (_delivery, context) => {
      const synced = resultOf(route, context, 'sync');
      return synced && (synced.url ? { logUrl: synced.url } : {});
    }),
    proposeStep(route),
    mergeStep(route),
    syncStep(route),
    confirmStep(route, 'pull'),
  ];
}

function proposeStep(route: Route): Step<unknown> {
  return {
    id: 'pull',
    title: 'Pull request opened',
    async do(_asked, context) {
      const delivery = deliveryOf(route, context);
      const { service, environment, version, commit } = delivery;
      await refuseMovedVersion(delivery, context.forge);
      const pull = await context.forge.propose({
        ...fileOf(delivery),
        value: wantedValue(delivery),
        branch: branchOf(delivery),
        title: `${service} ${version} to ${environment}`,
        body: `Asked for in ${context.request.id} (commit ${commit}).`,
      });
      if (!pull) return { state: 'done', note: `the repository says ${wantedValue(delivery)} already` };
      const { number, url, headSha } = pull;
      return {
        state: 'done',
        note: `#${number}: ${url}`,
        result: { number: String(number), url, headSha },
      };
    },
    async undo(_asked, context) {
      const delivery = deliveryOf(route, context);
      const pull = await proposalOf(delivery, context);
      if (pull?.state === 'merged') throw new ProblemError(mergedAlready(delivery, pull));
      await context.forge.withdraw(strategyOf(delivery, 'gitops').repository, branchOf(delivery));
      return { state: 'done', ...(pull ? { note: `#${pull.number} closed` } : {}) };
    },
  };
}

function mergeStep(route: Route): Step<unknown> {
  return {
    id: 'merge',
    title: 'Merged',
    async do(_asked, context) {
      const delivery = deliveryOf(route, context);
      const proposed = resultOf(route, context, 'pull') ?? {};
      if (proposed.number === undefined) return { state: 'done', note: 'nothing to merge' };
      const { repository } = strategyOf(delivery, 'gitops');
      const pull = await context.forge.pull(repository, Number(proposed.number));
      if (pull.state === 'merged') return merged(delivery, pull, context);
      if (pull.state === 'closed') throw new ProblemError(closedByHand(pull));
      if (pull.headSha !== proposed.headSha) throw new ProblemError(pushedByOthers(pull));
      if (pull.mergeable === 'no') throw new ProblemError(conflicts(pull));
      const checks = await context.forge.checks(repository, pull.headSha);
      if (checks.state === 'red') throw new ProblemError(checksRed(pull, checks.names));
      const isReady = checks.state !== 'pending' && pull.mergeable === 'yes';
      const why = isReady ? await merge(delivery, pull, context) : mergeNote(checks);
      if (why === undefined) return merged(delivery, pull, context);
      return waitOn(why, pull, context);
    },
  };
}

/** Its branch has done its work. One that cannot be deleted is named: the version goes out all the same. */
async function merged(delivery: Delivery, pull: Pull, context: StepContext): Promise<StepOutcome> {
  const { repository } = strategyOf(delivery, 'gitops');
  try {
    await context.forge.withdraw(repository, branchOf(delivery));
    return { state: 'done', note: `#${pull.number}` };
  } catch (error) {
    const why = problemFrom(error).sentence;
    return { state: 'done', note: `#${pull.number}; its branch ${branchOf(delivery)} stays: ${why}` };
  }
}

/** What still forbids it in GitHub's words; `undefined` once it is merged. */
async function merge(delivery: Delivery, pull: Pull, context: StepContext): Promise<string | undefined> {
  // The last moment at which the tag can be compared with what was approved.
  await refuseMovedVersion(delivery, context.forge);
  await refuseTooLate(delivery, context);
  const { repository } = strategyOf(delivery, 'gitops');
  const { number, headSha } = pull;
  const merged = await context.forge.merge({ repository, number, headSha });
  return merged.state === 'merged' ? undefined : `GitHub does not merge it yet: ${merged.why}`;
}

function waitOn(note: string, pull: Pull, context: StepContext): StepOutcome {
  if (context.now - context.waitingSince > mergeMax) throw new ProblemError(notMerged(pull, note, mergeMax));
  return { state: 'waiting', note, againInMs: lookAgain };
}

/** Remembered, or found by its branch after a crash. */
async function proposalOf(delivery: Delivery, context: StepContext): Promise<Pull | undefined> {
  const { repository } = strategyOf(delivery, 'gitops');
  const number = resultOf(delivery.route, context, 'pull')?.number;
  return number === undefined
    ? context.forge.findPull(repository, branchOf(delivery))
    : context.forge.pull(repository, Number(number));
}

/** Our key, so that nobody else's branch is ever taken for ours. */
export function branchOf({ key }: Delivery): string {
  return `greenlight/${key.toLowerCase()}`;
}

export function wantedValue(delivery: Delivery): string {
  return fillDelivered(strategyOf(delivery, 'gitops').value, delivery);
}

function fileOf(delivery: Delivery) {
  const { repository, branch: base, file, at } = strategyOf(delivery, 'gitops');
  return { repository, base, at, file: fillDelivered(file, delivery) };
}
