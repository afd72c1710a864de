/** Whose yes is needed, why, who gave theirs and when. */
import type { KnownBlock } from '@slack/types';
import type { PlatformRequest } from '../../core/request.ts';
import { count } from '../../core/text.ts';
import type { Quorum, QuorumPart, Review } from '../../core/verdict.ts';
import { bold, context, inline, linesWithin, linked, section } from '../blocks.ts';
import { fromText, holdLine } from '../verdict-line.ts';
import { answerNewsBlocks } from './answer-news.ts';
import type { CardContext } from './context.ts';
import { escalationBlocks } from './escalation.ts';
import { reviewBlocks } from './reviews.ts';

const maxParts = 8;

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
  if (request.approvedBecause === 'policy') return [context(ofGuardrails(request))];
  return reviewBlocks(request.reviews.filter((review) => review.decision === 'approve'));
}

/** What an emergency went past, and why, stands above, with its reason. */
function ofGuardrails({ glass }: PlatformRequest): string {
  return glass
    ? 'Approved by nobody: glass was broken, see above.'
    : 'Approved by the guardrails: nobody had to be asked.';
}

function waitingBlocks(quorum: Quorum, request: PlatformRequest, context_: CardContext): KnownBlock[] {
  const lines = requirementLines(request, context_);
  const needs = linesWithin(lines, maxParts, (left) => `and ${count(left, 'more requirement')}`, 2500);
  return [
    section(`${bold('Needs')}\n${needs}`),
    ...reviewBlocks(approvers(quorum)),
    ...escalationBlocks(request, context_),
    ...answerNewsBlocks(request, quorum),
  ];
}

/** One for each requirement, met or not. */
export function requirementLines(request: PlatformRequest, context_: CardContext): string[] {
  return context_.quorumOf(request).parts.map((part) => requirementLine(part, context_));
}

/**
 * Drawn as progress, and said in words beside it:
 * `✓○ 1 of 2 from Payments team or SRE · because: production changes`.
 */
function requirementLine({ requirement, missing }: QuorumPart, { groupTitle }: CardContext): string {
  const { count: wanted, because } = requirement;
  const given = Math.max(0, wanted - missing);
  const drawn = `${'✓'.repeat(given)}${'○'.repeat(wanted - given)}`;
  const from = inline(fromText(requirement, groupTitle), 400);
  const met = given < wanted ? '' : ' · met';
  return `${drawn} ${bold(`${given} of ${wanted}`)} from ${from}${met} · because: ${inline(because, 200)}`;
}

function heldBlocks(request: PlatformRequest, context_: CardContext): KnownBlock[] {
  if (!request.verdict) return [];
  const line = linked(holdLine(request.verdict, context_.groupTitle), 1500);
  return [section(`${bold('On hold')}\n${line} It goes on by itself then.`)];
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
