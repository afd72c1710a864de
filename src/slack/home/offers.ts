/** What somebody may ask for, from the guardrails: the common things as buttons, the others in one list. */
import type { KnownBlock } from '@slack/types';
import type { Action, Actions } from '../../core/action.ts';
import { actions, bold, button, divider, option, plain, section } from '../blocks.ts';
import { maxOf } from '../limits.ts';

export const homeActions = { ask: 'home.ask', refresh: 'home.refresh' } as const;
/** Slack wants action ids to differ within a block: `home.ask.0`. */
export const askActionPattern = /^home\.ask\.(?:\d+|other)$/u;

/** More would be a menu to read; the list has them all. */
const buttonsMax = 5;

type Offer = { readonly name: string; readonly action: Action };

export function offerBlocks(mayAsk: readonly string[], known: Actions): KnownBlock[] {
  const offers = mayAsk.flatMap((name) => {
    const action = known.get(name);
    return action && action.effect !== 'read' ? [{ name, action }] : [];
  });
  if (offers.length === 0) return [];
  // The main one of each slash command; where none is marked, the only one.
  const main = offers
    .filter(({ action }) => action.command.isMain || action.command.verb === undefined)
    .toSorted(newcomersFirst);
  const others = offers.filter((one) => !main.slice(0, buttonsMax).includes(one));
  return [
    divider(),
    section(bold('What you may ask for')),
    actions([
      ...main
        .slice(0, buttonsMax)
        .map(({ name, action }, index) =>
          button({ label: action.title, action: `${homeActions.ask}.${index}`, value: name }),
        ),
      ...(others.length === 0
        ? []
        : [
            {
              type: 'static_select' as const,
              action_id: `${homeActions.ask}.other`,
              placeholder: plain('Something else', maxOf('placeholder')),
              options: others
                .slice(0, maxOf('selectOptions'))
                .map(({ name, action }) => option(name, action.title, action.summary)),
            },
          ]),
    ]),
  ];
}

/** What makes something comes first, then by name: `deploy` before the ways on and back. */
function newcomersFirst(one: Offer, other: Offer): number {
  const rank = ({ action }: Offer) => (action.effect === 'create' ? 0 : 1);
  return rank(one) - rank(other) || (one.name < other.name ? -1 : 1);
}
