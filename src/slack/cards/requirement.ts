/** Whose yes is needed, why, who gave theirs and when. */
import type { KnownBlock } from '@slack/types';
import type { PlatformRequest } from '../../core/request.ts';
import { count } from '../../core/text.ts';
import type { Quorum, QuorumPart, Review } from '../../core/verdict.ts';
import { bold, context, date, inline, linesWithin, linked, section } from '../blocks.ts';
import { holdLine, requirementText } from '../verdict-line.ts';
import type { CardContext } from './context.ts';

const maxParts = 8;
const maxPeople = 12;

/** `1 of 2 approvals`. */
export function approvalsSoFar(quorum: Quorum): string {
  const given = approvers(quorum).length;
  return `${given} of ${count(given + peopleMissing(quorum.parts), 'approval')}`;
}

export function requirementBlocks(request: PlatformRequest, context_: CardContext): KnownBlock[] {
  switch (request.status) {
    case 'waiting':
      return waitingBlocks(context_.quorumOf(request), request, context_);
    case 'held':
      return heldBlocks(request, context_);
    case 'approved':
    case 'running':
    case 'undoing':
      return decidedBlocks(request);
    default:
      return [];
  }
}

/** Who said yes and when, or that no rule asked for it. */
export function decidedBlocks(request: PlatformRequest): KnownBlock[] {
  const yes = request.reviews.filter((review) => review.decision === 'approve');
  if (request.approvedBecause === 'policy')
    return [context('Approved by the guardrails: nobody had to be asked.')];
  return yes.length === 0 ? [] : [context(reviewLines(yes))];
}

function waitingBlocks(quorum: Quorum, request: PlatformRequest, context_: CardContext): KnownBlock[] {
  const lines = quorum.parts.map((part) => requirementLine(part, context_));
  const needs = linesWithin(lines, maxParts, (left) => `and ${count(left, 'more requirement')}`, 2500);
  const given = approvers(quorum);
  const moved =
    request.moves > 0 ? [context('It has changed since it was asked: earlier answers no longer count.')] : [];
  return [
    section(`${bold('Needs')}\n${needs}`),
    ...(given.length === 0 ? [] : [context(reviewLines(given))]),
    ...moved,
  ];
}

/** `○ 2 approvals from Payments team or SRE: production changes (1 so far)`; met or not in words too. */
function requirementLine(part: QuorumPart, context_: CardContext): string {
  const { requirement, missing } = part;
  const text = inline(requirementText(requirement, context_.groupTitle), 500);
  if (missing <= 0) return `✓ met: ${text}`;
  const given = requirement.count - missing;
  return `○ ${text}${given > 0 ? ` (${given} so far)` : ''}`;
}

function heldBlocks(request: PlatformRequest, context_: CardContext): KnownBlock[] {
  if (!request.verdict) return [];
  const line = linked(holdLine(request.verdict, context_.groupTitle), 1500);
  return [section(`${bold('On hold')}\n${line} It goes on by itself then.`)];
}

function reviewLines(reviews: readonly Review[]): string {
  const lines = reviews.map((review) => `✓ ${inline(review.name, 80)} approved ${date(review.at)}`);
  return linesWithin(lines, maxPeople, (left) => `and ${count(left, 'more person', 'more people')}`);
}

/** Distinct, in the order of their answers. */
function approvers(quorum: Quorum): Review[] {
  const all = quorum.parts.flatMap((part) => part.approvals);
  const byPerson = new Map(all.map((review) => [review.by, review]));
  return [...byPerson.values()].sort((one, other) => one.at - other.at);
}

/**
 * How few people could still complete it: one person may count for several parts whose groups overlap, so of such
 * parts only the largest gap counts.
 */
function peopleMissing(parts: readonly QuorumPart[]): number {
  const clusters: { groups: Set<string>; missing: number }[] = [];
  for (const { requirement, missing } of parts) {
    const touching = clusters.filter((one) => requirement.from.some((group) => one.groups.has(group)));
    const merged = {
      groups: new Set([...requirement.from, ...touching.flatMap((one) => [...one.groups])]),
      missing: Math.max(missing, ...touching.map((one) => one.missing)),
    };
    clusters.splice(0, clusters.length, ...clusters.filter((one) => !touching.includes(one)), merged);
  }
  return clusters.reduce((sum, one) => sum + Math.max(0, one.missing), 0);
}
