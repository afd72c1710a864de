/** The living environments of somebody's teams, with what can be done about their end. */
import type { KnownBlock } from '@slack/types';
import type { Moment } from '../../core/ids.ts';
import { answerActions } from '../answers.ts';
import { actions, bold, button, date, inline, link, section } from '../blocks.ts';
import { part } from './part.ts';

const environmentsMax = 6;

export interface ShownEnvironment {
  readonly record: {
    readonly name: string;
    readonly team: string;
    readonly requester: string;
    readonly living: { readonly expiresAt: Moment; readonly url: string };
    readonly life: { readonly sleep?: { readonly wakesAt?: Moment } };
  };
  /** "2.74 EUR". */
  readonly perDay: string;
}

export function environmentRows(
  environments: readonly ShownEnvironment[],
  mayAsk: readonly string[],
): KnownBlock[] {
  return part('Environments of your team', environments, environmentsMax, row(mayAsk), '`/env list`');
}

function row(mayAsk: readonly string[]) {
  return ({ record, perDay }: ShownEnvironment): KnownBlock[] => {
    const { name, team, requester, living, life } = record;
    const wakes = life.sleep?.wakesAt;
    const asleep = life.sleep ? ` · asleep${wakes === undefined ? '' : ` until ${date(wakes)}`}` : '';
    const address = living.url === '' ? '' : ` · ${link('Open it', living.url)}`;
    const words = `ends ${date(living.expiresAt)}${asleep} · ${inline(perDay, 40)} a day`;
    const buttons = lines(name, life.sleep !== undefined)
      .filter(({ action }) => mayAsk.includes(action))
      .map(({ label, line }, index) =>
        button({ label, action: `${answerActions.run}.${index}`, value: line }),
      );
    return [
      section(`${bold(name, 80)} · ${inline(team, 80)}, for ${inline(requester, 80)}${address}\n${words}`),
      ...(buttons.length === 0 ? [] : [actions(buttons)]),
    ];
  };
}

/** Each opens its form: nothing is asked for without the person having seen what the guardrails say. */
function lines(name: string, isAsleep: boolean) {
  return [
    { label: 'Extend', action: 'environment.extend', line: `/env extend ${name}` },
    isAsleep
      ? { label: 'Wake', action: 'environment.wake', line: `/env wake ${name}` }
      : { label: 'Sleep', action: 'environment.sleep', line: `/env sleep ${name}` },
    { label: 'Destroy', action: 'environment.destroy', line: `/env destroy ${name}` },
  ];
}
