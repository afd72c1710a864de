/** What people read of an emergency: the alarm, that somebody has looked at it, and its line on the card. Pure. */
import type { KnownBlock } from '@slack/types';
import { pastText } from '../approvals/explain.ts';
import type { PlatformRequest } from '../core/request.ts';
import { listOf } from '../core/text.ts';
import { actions, bold, button, context, inline, mention, type SlackMessage, section } from './blocks.ts';
import type { CardContext } from './cards/context.ts';
import { askPhrase } from './phrases.ts';

export const glassActions = { review: 'glass.review' } as const;

export function glassNotice(
  kind: 'glass_broken' | 'glass_reviewed',
  request: PlatformRequest,
  cards: CardContext,
): SlackMessage {
  const line = kind === 'glass_broken' ? alarm(request, cards) : looked(request);
  const isOpen = kind === 'glass_broken' && request.glass?.reviewed === undefined;
  // Read aloud and in notifications: the words alone.
  const text = line.replace(`🚨 ${bold('Glass broken')}`, 'Glass broken');
  return { text, blocks: [section(line), ...(isOpen ? [reviewButton(request)] : [])] };
}

/** On the card for as long as it is there: nobody who reads it later takes it for an ordinary one. */
export function bypassBlocks(request: PlatformRequest, cards: CardContext): KnownBlock[] {
  const { bypass, glass } = request;
  if (!bypass) return [];
  const reason = inline(bypass.reason, 500);
  if (bypass.kind === 'override') return [section(`⚠️ ${bold('In spite of the window')}, because: ${reason}`)];
  if (!glass) return [section(`🚨 ${bold('Asked for as an emergency')}, but no glass was broken: ${reason}`)];
  return [
    section(`🚨 ${bold('Glass broken')}: ${reason}`),
    context(`It went past ${pastWords(request)}. ${debtWords(request, cards)}`),
    ...(glass.reviewed ? [] : [reviewButton(request)]),
  ];
}

function alarm(request: PlatformRequest, cards: CardContext): string {
  const { requester, bypass } = request;
  const who = inline(requester.name, 80);
  const what = inline(askPhrase(cards.actions, request), 500);
  return `🚨 ${bold('Glass broken')} by ${who}: ${what} (${request.id}), past ${pastWords(request)}. Reason: ${inline(bypass?.reason ?? '', 500)}. ${debtWords(request, cards)}`;
}

/** By the newest verdict with its reasons; an older one that was no emergency any more has only the names. */
function pastWords({ verdict, glass }: PlatformRequest): string {
  return inline(verdict?.glass ? pastText(verdict) : listOf(glass?.rules ?? []), 800);
}

function debtWords({ glass }: PlatformRequest, { groupTitle }: CardContext): string {
  if (glass?.reviewed) return `${inline(glass.reviewed.by.name, 80)} has looked at it.`;
  return debtText(glass?.review ?? [], groupTitle, 'its requester');
}

/** What breaking glass costs, before it is broken as well as after. `who` is called so by the reader. */
export function debtText(
  review: readonly string[],
  groupTitle: CardContext['groupTitle'],
  who: 'you' | 'its requester',
): string {
  const groups = inline(listOf(review.map(groupTitle), 'or'), 300);
  return `Somebody else of ${groups} has to look at it; until then ${who} cannot break glass again.`;
}

function looked({ requester, glass, id }: PlatformRequest): string {
  const { reviewed } = glass ?? {};
  const note = reviewed?.note ? `: ${inline(reviewed.note, 500)}` : '.';
  return `${mention(requester.id)}: ${inline(reviewed?.by.name ?? '', 80)} has looked at your emergency ${id}${note}`;
}

function reviewButton({ id }: PlatformRequest): KnownBlock {
  return actions([button({ label: 'I have looked at it', action: glassActions.review, value: id })]);
}
