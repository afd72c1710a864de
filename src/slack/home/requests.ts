/** Requests on somebody's Home: in few lines, with the buttons of their cards. */
import type { ActionsBlock, KnownBlock } from '@slack/types';
import type { PlatformRequest } from '../../core/request.ts';
import { actions, bold, button, date, inline, section } from '../blocks.ts';
import { buttonBlocks, cardActions, writeCardValue } from '../cards/buttons.ts';
import type { CardContext } from '../cards/context.ts';
import { requirementLines } from '../cards/requirement.ts';
import { riskBlocks } from '../cards/risks.ts';
import { standingSentence } from '../cards/sentence.ts';
import { glassActions } from '../glass-notices.ts';
import { askTitle } from '../phrases.ts';
import { part } from './part.ts';

/** The longest waiting first: whoever answers these sees the next ones. */
const waitingMax = 6;
const mineMax = 10;
const requirementsMax = 4;
const debtsMax = 5;

export function waitingRows(requests: readonly PlatformRequest[], cards: CardContext): KnownBlock[] {
  return part('Waiting for your answer', requests, waitingMax, (request) => [
    section(
      [
        titleLine(request, cards),
        ...requirementLines(request, cards).slice(0, requirementsMax),
        deadline(request),
      ].join('\n'),
    ),
    ...riskBlocks(request),
    ...buttonBlocks(request, cards).map(withoutPrimary),
  ]);
}

export function mineRows(requests: readonly PlatformRequest[], cards: CardContext): KnownBlock[] {
  return part('Your open requests', requests, mineMax, (request) => [
    {
      ...section(
        `${bold(`${request.id} ${askTitle(cards.actions, request)}`, 300)}\n${inline(standingSentence(request, cards), 400)}`,
      ),
      accessory: button({ label: 'Details', action: cardActions.details, value: writeCardValue(request) }),
    },
  ]);
}

export function debtRows(requests: readonly PlatformRequest[], cards: CardContext): KnownBlock[] {
  return part('Emergencies to look at', requests, debtsMax, (request) => [
    section(
      `${titleLine(request, cards)}\nIts reason: ${inline(request.bypass?.reason ?? 'none was given', 300)}`,
    ),
    actions([
      button({ label: 'I have looked at it', action: glassActions.review, value: request.id }),
      button({ label: 'Details', action: cardActions.details, value: writeCardValue(request) }),
    ]),
  ]);
}

function titleLine(request: PlatformRequest, cards: CardContext): string {
  const title = bold(askTitle(cards.actions, request), 300);
  return `${title}\n${request.id}, asked by ${inline(request.requester.name, 80)} ${date(request.createdAt)}`;
}

function deadline({ answerBy }: PlatformRequest): string {
  return answerBy === undefined ? 'It has no deadline.' : `Answers count until ${date(answerBy)}.`;
}

/** Several cards on one page: if each had a primary button, none would be. */
function withoutPrimary(block: KnownBlock): KnownBlock {
  if (block.type !== 'actions') return block;
  const elements: ActionsBlock['elements'] = block.elements.map((element) => {
    if (element.type !== 'button' || element.style !== 'primary') return element;
    const { style: _style, ...plainButton } = element;
    return plainButton;
  });
  return { ...block, elements };
}
