/** A pull request of ours in words: what it waits for, and what became of one that was not merged. */
import { formatDuration } from '../../core/duration.ts';
import type { Checks } from '../../core/forge.ts';
import { problem } from '../../core/problem.ts';
import type { Pull } from '../../core/pulls.ts';
import { count, listOf } from '../../core/text.ts';
import type { Delivery } from './delivery.ts';

export function mergeNote({ state, names }: Checks): string {
  if (state === 'pending') return `waiting for its checks: ${listOf(names.slice(0, 5))}`;
  return 'GitHub works out whether it can be merged';
}

export function closedByHand(pull: Pull) {
  return problem(
    'step_failed',
    `Somebody closed the pull request #${pull.number}, or deleted its branch, before it was merged.`,
    `Ask them why: ${pull.url}`,
  );
}

export function pushedByOthers(pull: Pull) {
  return problem(
    'step_failed',
    `Somebody pushed to the branch of the pull request #${pull.number}, so it is no longer what was approved.`,
    `See what they changed: ${pull.url}`,
  );
}

export function conflicts(pull: Pull) {
  return problem(
    'step_failed',
    `The pull request #${pull.number} conflicts with what was merged meanwhile.`,
    'Ask for the deploy again: it then starts from what is there now.',
  );
}

export function checksRed(pull: Pull, names: readonly string[]) {
  const failed = listOf(names.slice(0, 5));
  return problem(
    'step_failed',
    `${count(names.length, 'check')} of the pull request #${pull.number} failed: ${failed}.`,
    `See why: ${pull.url}`,
  );
}

export function notMerged(pull: Pull, why: string, limitMs: number) {
  return problem(
    'step_failed',
    `The pull request #${pull.number} could not be merged within ${formatDuration(limitMs)}: ${why}.`,
    `See what it waits for: ${pull.url}`,
  );
}

export function mergedAlready({ version, service, environment }: Delivery, pull: Pull) {
  return problem(
    'undo_failed',
    `${version} is merged already (#${pull.number}), so its deploy cannot be taken back.`,
    `Go back with /rollback ${service} ${environment}, or revert ${pull.url} by hand.`,
  );
}
