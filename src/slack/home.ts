/** The App Home of one person: what waits for them first, then theirs, then what they may ask for. Pure. */
import type { KnownBlock, HomeView as SlackHome } from '@slack/types';
import type { Moment } from '../core/ids.ts';
import type { PlatformRequest } from '../core/request.ts';
import { count } from '../core/text.ts';
import { actions, bold, button, context, date, divider, linked, section } from './blocks.ts';
import type { CardContext } from './cards/context.ts';
import { environmentRows, type ShownEnvironment } from './home/environments.ts';
import { homeActions, offerBlocks } from './home/offers.ts';
import { debtRows, mineRows, waitingRows } from './home/requests.ts';
import { maxOf } from './limits.ts';

export interface HomeModel {
  /** The longest waiting first. */
  readonly waitingForMe: readonly PlatformRequest[];
  readonly mine: readonly PlatformRequest[];
  readonly environments: readonly ShownEnvironment[];
  readonly debts: readonly PlatformRequest[];
  /** Names of the actions that the reader may ask for. */
  readonly mayAsk: readonly string[];
}

/** `at`: as of when, so that a Home that was left open says how old it is. */
export function homeView(model: HomeModel, cards: CardContext, at: Moment): SlackHome {
  return asHome([
    section(summary(model)),
    ...(isBlank(model) ? [context(firstSteps)] : []),
    ...waitingRows(model.waitingForMe, cards),
    ...debtRows(model.debts, cards),
    ...mineRows(model.mine, cards),
    ...environmentRows(model.environments, model.mayAsk),
    ...offerBlocks(model.mayAsk, cards.actions),
    divider(),
    context(`As of ${date(at)}. It is drawn anew whenever you open it.`),
    actions([button({ label: 'Refresh', action: homeActions.refresh })]),
  ]);
}

/** To whoever has nothing here yet: what this is for, and what comes of a click. */
const firstSteps =
  'Ask below for what you need, or type it anywhere: `/env create`, `/deploy`, `/svc`. The guardrails say at once whether ' +
  'it runs or who must agree; `/policy` tells which of them concern you, and `help` after any command how it is written.';

function isBlank({ waitingForMe, mine, debts, environments, mayAsk }: HomeModel): boolean {
  return mayAsk.length > 0 && [waitingForMe, mine, debts, environments].every((one) => one.length === 0);
}

/** For whom Greenlight is not: why, and what to do. */
export function closedHome(refusal: { readonly sentence: string; readonly next: string }): SlackHome {
  return asHome([section(`${bold('Greenlight')}\n${linked(`${refusal.sentence} ${refusal.next}`, 1000)}`)]);
}

/** The first thing that a screen reader reads says whether there is anything to do. */
function summary({ waitingForMe, mine, debts, environments }: HomeModel): string {
  const parts = [
    waitingForMe.length === 0
      ? 'Nothing waits for your answer'
      : `${count(waitingForMe.length, 'request waits', 'requests wait')} for your answer`,
    ...(debts.length === 0
      ? []
      : [`${count(debts.length, 'emergency is', 'emergencies are')} still to be looked at`]),
    mine.length === 0 ? 'you have no open request' : `you have ${count(mine.length, 'open request')}`,
    environments.length === 0
      ? 'your team has no environment'
      : `your team has ${count(environments.length, 'environment')}`,
  ];
  return `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}.`;
}

function asHome(blocks: readonly KnownBlock[]): SlackHome {
  return { type: 'home', blocks: blocks.slice(0, maxOf('blocksPerView')) };
}
