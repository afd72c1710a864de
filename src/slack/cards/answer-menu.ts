/** What else can be done with a card while people decide, out of the way of Approve and Deny. A click is judged at the desk. */
import { narrowable } from '../../core/narrow.ts';
import type { PlatformRequest } from '../../core/request.ts';
import { option } from '../blocks.ts';
import type { CardContext } from './context.ts';

export const moreAction = 'card.more';

/** Named as they come back: before the request, `edit REQ-12:7:<digest>`. */
export const menuEntries = {
  narrow: 'narrow',
  withdraw: 'withdraw',
  edit: 'edit',
  askCancel: 'ask_cancel',
  /** Asked about by Slack itself. */
  cancel: 'cancel',
} as const;

/** Entries that end in dots open a form first. */
export function answerMenu(request: PlatformRequest, value: string, { actions }: CardContext) {
  const action = actions.get(request.action);
  const isWaiting = request.status === 'waiting';
  const mayNarrow =
    isWaiting && action && action.effect !== 'read' && narrowable(action, request.input).length > 0;
  return {
    type: 'overflow' as const,
    action_id: moreAction,
    options: [
      ...(mayNarrow ? [option(`${menuEntries.narrow} ${value}`, 'Approve with less…')] : []),
      ...(request.reviews.length > 0
        ? [option(`${menuEntries.withdraw} ${value}`, 'Take my answer back')]
        : []),
      option(`${menuEntries.edit} ${value}`, 'Edit this request…'),
      option(`${menuEntries.askCancel} ${value}`, 'Cancel this request…'),
    ],
  };
}
