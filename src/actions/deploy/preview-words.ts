/** A change in words: the sentence, the details and what to know before deciding. */
import type { Preview } from '../../core/action.ts';
import type { Checks, Commit, Comparison } from '../../core/forge.ts';
import { count, listOf } from '../../core/text.ts';
import { sizeOf } from './facts.ts';
import type { Change } from './preview.ts';
import { disagreement, runningWords } from './running.ts';

export function sentenceOf({ asked, version, running, comparison }: Change): string {
  const { service, environment } = asked;
  const named = version.name === asked.version ? version.name : `${version.name} (${asked.version})`;
  const what = `Deploys ${service} ${named} to ${environment}`;
  if (!running.deployment || !comparison) return `${what}, its first deploy there.`;
  if (comparison.total === 0 && comparison.behind === 0)
    return `${what}: the same commit that runs there now.`;
  if (comparison.total === 0)
    return `${what}: ${count(comparison.behind, 'commit')} back from what runs now.`;
  return `${what}: ${count(comparison.total, 'commit')} since ${running.deployment.ref}.`;
}

export function detailsOf(change: Change, now: number): Preview['details'] {
  const { asked, version, running, comparison, checks, missing, order } = change;
  const { commit } = version;
  const authors = [...new Set(comparison?.commits.map((one) => one.author) ?? [commit.author])];
  const { files, additions, deletions } = sizeOf(comparison);
  return [
    ...(version.name === asked.version ? [] : [{ label: 'Version', value: version.name }]),
    { label: 'Commit', value: commitWords(commit, comparison) },
    { label: 'Runs now', value: runningWords(running, now) },
    { label: 'Checks', value: checkWords(checks) },
    ...(missing.length === 0 ? [] : [{ label: 'Required, not green', value: listOf(missing.slice(0, 5)) }]),
    ...(authors.length === 0 ? [] : [{ label: 'Authors', value: listOf(authors) }]),
    ...(files === 0
      ? []
      : [{ label: 'Size', value: `${count(files, 'file')}, +${additions} −${deletions} lines` }]),
    ...(order.before === undefined
      ? []
      : [{ label: `In ${order.before}`, value: order.newest ? newestWords(order.newest) : 'not yet' }]),
  ];
}

function newestWords({ ref, state }: { readonly ref: string; readonly state: string }): string {
  return state === 'success' ? ref : `${ref} (${state.replaceAll('_', ' ')})`;
}

/** Its title stands in the list of commits already when there is one. */
function commitWords(commit: Commit, comparison: Comparison | undefined): string {
  const sha = commit.sha.slice(0, 7);
  return comparison && comparison.commits.length > 0 ? sha : `${sha} ${commit.title}`;
}

function checkWords(checks: Checks): string {
  const names = listOf(checks.names.slice(0, 5));
  switch (checks.state) {
    case 'green':
      return 'all green';
    case 'red':
      return `red: ${names}`;
    case 'pending':
      return `still running: ${names}`;
    case 'none':
      return 'there are none for this commit';
  }
}

export function cautionsOf(change: Change): string[] {
  const { asked, version, running, comparison, checks, missing, order, migrations, isStray } = change;
  const differ = disagreement(running);
  return [
    ...(checks.state === 'red'
      ? [`${count(checks.names.length, 'check is', 'checks are')} red: ${listOf(checks.names.slice(0, 5))}.`]
      : []),
    ...(checks.state === 'pending' ? ['Its checks are still running.'] : []),
    ...(missing.length > 0 ? [`Required checks are not green: ${listOf(missing.slice(0, 5))}.`] : []),
    ...(isStray ? ['It is not on the default branch, and may come from a fork: look at its commits.'] : []),
    ...authorCautions(change),
    ...(order.state === 'kept' ? [] : [orderCaution(change)]),
    ...(migrations.length > 0
      ? [`It migrates data, so the way back is harder: ${listOf(migrations.slice(0, 3))}.`]
      : []),
    ...(comparison && comparison.behind > 0
      ? [`${count(comparison.behind, 'commit that runs', 'commits that run')} now would be gone.`]
      : []),
    ...(differ === undefined ? [] : [differ]),
    ...(asked.version === version.name
      ? []
      : [`${asked.version} is ${version.name} now; when that moves, approvals are asked for anew.`]),
  ];
}

/** Who is left out for having written it, and for whom that cannot be told. */
function authorCautions({ comparison, strange }: Change): string[] {
  const { commits, total } = comparison ?? { commits: strange, total: strange.length };
  if (commits.length < total)
    return [
      `It is too large to see who wrote it all: ${count(total, 'commit')}. Where authors may not approve, nobody may; deploy it in smaller steps.`,
    ];
  if (strange.length === 0) return [];
  const names = [...new Set(strange.map(({ author }) => author))];
  return [
    `${count(strange.length, 'commit is', 'commits are')} by people who are not in the catalog: ${listOf(names.slice(0, 5))}. If one of them answers here under another name, Greenlight cannot tell.`,
  ];
}

/** Whoever may push can write such a record. */
export function handCaution(version: string, environment: string, login: string): string {
  return `That ${version} worked in ${environment} stands only in a record that ${login} wrote at GitHub by hand.`;
}

function orderCaution({ asked, version, order }: Change): string {
  const { before = '', newest, state } = order;
  if (newest?.byHand !== undefined && state === 'by_hand')
    return handCaution(version.name, before, newest.byHand);
  if (state === 'unknown') return `What runs in ${before} cannot be told, and it must go there first.`;
  const there = newest ? `${newestWords(newest)} is the newest there` : 'nothing was deployed there';
  return `This commit does not run in ${before}: ${there}. First: /deploy ${asked.service} ${version.name} to ${before}`;
}
