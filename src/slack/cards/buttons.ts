/** What can be done with a card: only while it is useful. Everybody sees the same; a click is judged at the desk. */
import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import { type RequestId, requestIdSchema } from '../../core/ids.ts';
import type { PlatformRequest } from '../../core/request.ts';
import { actions, button, option } from '../blocks.ts';
import { askPhrase } from '../phrases.ts';
import { answerMenu, menuEntries, moreAction } from './answer-menu.ts';
import type { CardContext } from './context.ts';

export const cardActions = {
  approve: 'card.approve',
  deny: 'card.deny',
  requestChanges: 'card.request_changes',
  edit: 'card.edit',
  details: 'card.details',
  more: moreAction,
  goBack: 'card.go_back',
} as const;

/** What a click on a card says: which request, as of which version, and what exactly was seen. */
export interface CardValue {
  readonly id: RequestId;
  readonly version: number;
  readonly digest: string;
}

export function buttonBlocks(request: PlatformRequest, context: CardContext): KnownBlock[] {
  const value = writeCardValue(request);
  const details = button({ label: 'Details', action: cardActions.details, value });
  switch (request.status) {
    case 'waiting':
      return [
        actions([
          button({
            label: 'Approve',
            action: cardActions.approve,
            value,
            style: 'primary',
            ...(request.target.tier === 'production'
              ? {
                  confirm: {
                    title: 'Approve for production?',
                    text: `This lets ${request.requester.name} ${askPhrase(context.actions, request)}.`,
                    confirm: 'Approve',
                  },
                }
              : {}),
          }),
          button({ label: 'Request changes', action: cardActions.requestChanges, value }),
          button({ label: 'Deny', action: cardActions.deny, value, style: 'danger' }),
          details,
          answerMenu(request, value, context),
        ]),
      ];
    case 'held':
      return [actions([details, answerMenu(request, value, context)])];
    case 'submitted':
    case 'approved':
      return [actions([details, cancelMenu(value)])];
    case 'running':
      return [actions([...goBackButton(request, context), details, cancelMenu(value)])];
    case 'succeeded':
    case 'failed':
      return goBackButton(request, context).length === 0
        ? []
        : [actions([...goBackButton(request, context), details])];
    case 'undoing':
      return [actions([details])];
    default:
      return [];
  }
}

/** None where there is no way back, or somebody has asked for it already. */
function goBackButton(request: PlatformRequest, { actions: known }: CardContext) {
  const action = known.get(request.action);
  const way = action && action.effect !== 'read' ? action.wayBack?.(request) : undefined;
  if (!way || request.followedBy !== undefined) return [];
  const isRunning = request.status === 'running';
  const label = isRunning ? 'Cancel and roll back' : 'Roll back';
  return [
    button({
      label,
      action: cardActions.goBack,
      value: writeCardValue(request),
      style: 'danger',
      confirm: {
        title: `${label}?`,
        text: `${isRunning ? 'This cancels the run, and then asks to' : 'This asks to'} ${askPhrase(known, { ...way, target: request.target })}. The guardrails decide about it like about any other.`,
        confirm: label,
      },
    }),
  ];
}

function cancelMenu(value: string) {
  return {
    type: 'overflow' as const,
    action_id: moreAction,
    options: [option(`${menuEntries.cancel} ${value}`, 'Cancel this request')],
    confirm: {
      title: { type: 'plain_text' as const, text: 'Cancel this request?' },
      text: {
        type: 'plain_text' as const,
        text: 'Only its requester can. What it did so far is taken back.',
      },
      confirm: { type: 'plain_text' as const, text: 'Cancel it' },
      deny: { type: 'plain_text' as const, text: 'Not now' },
    },
  };
}

const valuePattern = /^(REQ-\d+):(\d{1,9}):([0-9a-f]{0,64})$/u;
const cardValueSchema = z.object({
  id: requestIdSchema,
  version: z.coerce.number().int(),
  digest: z.string(),
});

/** Within an option's 150 characters: `REQ-12:7:<digest>`. Opaque to people; the desk knows the rest. */
export function writeCardValue(request: PlatformRequest): string {
  return `${request.id}:${request.version}:${request.digest ?? ''}`;
}

/** A button's value can be forged, so it is read like anything else from outside. */
export function readCardValue(text: string | undefined): CardValue | undefined {
  const [, id, version, digest] = valuePattern.exec(text ?? '') ?? [];
  return cardValueSchema.safeParse({ id, version, digest }).data;
}
