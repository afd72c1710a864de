/** Whether a request may start: computed from the rules as data, the answers and the people, without asking the product. */
import { authors } from '../world/authors.ts';
import type { Facts } from './facts.ts';
import { type Known, voiceOf } from './known.ts';

export interface Loan {
  readonly from: { readonly id: string; readonly email?: string | undefined };
  readonly to: { readonly id: string; readonly email?: string | undefined };
}

/** Why these answers are not enough under these facts; nothing when they are. */
export function whatIsMissing(known: Known, facts: Facts, loans: readonly Loan[]): string | undefined {
  const wanted = wantedFor(known, facts);
  if (!wanted) return undefined;
  const digest = known.digests.at(-1);
  const requester = voiceOf(known.requester.id, known.requester.email);
  const mayCount = (id: string, voice: string) =>
    facts.kinds.get(id) === 'member' &&
    voice !== requester &&
    !(wanted.isNotForAuthors && ['thing.change', 'deploy'].includes(known.action) && authors.includes(voice));
  const isAsked = (voice: string) => (facts.groups.get(voice) ?? []).some((one) => wanted.from.includes(one));

  const yes = new Set<string>();
  for (const [voice, review] of known.reviews) {
    if (review.digest !== digest || !mayCount(review.by, voice)) continue;
    const lender = loans.find(({ from, to }) => {
      const theirs = voiceOf(from.id, from.email);
      return voiceOf(to.id, to.email) === voice && isAsked(theirs) && mayCount(from.id, theirs);
    })?.from;
    const as = isAsked(voice) ? voice : lender && voiceOf(lender.id, lender.email);
    if (as === undefined) continue;
    if (review.decision !== 'approve') return `${review.name} said ${review.decision}`;
    if (wanted.needsComment && (review.note ?? '').trim() === '') continue;
    if (wanted.needsCode && review.factor !== 'code') continue;
    yes.add(as);
  }
  return yes.size >= wanted.count
    ? undefined
    : `${wanted.count} must agree, of ${wanted.from.join(' and ')}; ${[...yes].join(' and ') || 'nobody'} did`;
}

function wantedFor({ action, input }: Known, { rules }: Facts): Facts['rules']['yes'] {
  switch (action) {
    case 'thing.change':
      return rules.yes;
    case 'deploy':
      return rules.yes && { ...rules.yes, needsCode: undefined };
    case 'environment.create':
      return Number(input.cpu) > 4 ? { count: 1, from: ['sre', 'payments'] } : undefined;
    case 'environment.sleep':
      return input.by === undefined ? undefined : { count: 1, from: ['sre', 'payments'] };
    default:
      return undefined;
  }
}
