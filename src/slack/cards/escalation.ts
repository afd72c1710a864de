/** Who is let in when nobody answers in time: from when on, or since. */
import type { KnownBlock } from '@slack/types';
import { type Escalation, escalationsAhead } from '../../core/asking.ts';
import type { PlatformRequest } from '../../core/request.ts';
import { listOf } from '../../core/text.ts';
import { context, date, inline } from '../blocks.ts';
import type { CardContext } from './context.ts';

export function escalationBlocks(request: PlatformRequest, cards: CardContext): KnownBlock[] {
  const [next] = escalationsAhead(request).toSorted((one, other) => one.at - other.at);
  const lines = [
    ...(letInText(request, cards) ?? []),
    ...(next ? [`Not answered by ${date(next.at)}, ${groupsText(next.to, cards)} may answer it too.`] : []),
  ];
  return lines.length === 0 ? [] : [context(lines.join('\n'))];
}

/** Mrkdwn; nothing while nobody was let in. */
export function letInText(
  { requirements, asking }: PlatformRequest,
  cards: CardContext,
): [string] | undefined {
  const to = requirements.flatMap(({ id, escalates }) =>
    asking?.escalated.includes(id) ? (escalates?.to ?? []) : [],
  );
  if (to.length === 0) return undefined;
  return [`It was not answered in time, so ${groupsText([...new Set(to)], cards)} may answer it too.`];
}

function groupsText(to: Escalation['to'], { groupTitle }: CardContext): string {
  return inline(listOf(to.map(groupTitle)), 300);
}
