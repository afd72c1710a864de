/** Not going by the verdict, in a form: offered to who may, with its reason and with what then happens. Pure. */
import type { InputBlock, KnownBlock } from '@slack/types';
import { type Bypass, type BypassOffers, bypassReasonMax, bypassReasonMin } from '../../core/glass.ts';
import { listOf } from '../../core/text.ts';
import type { Verdict } from '../../core/verdict.ts';
import { context, inline, option, plain } from '../blocks.ts';
import { debtText } from '../glass-notices.ts';
import { codeInput } from './code-input.ts';
import type { ViewState } from './read-state.ts';

export const bypassAction = 'form.bypass';
export const bypassReasonBlock = 'bypass-reason';
const bypassBlock = 'bypass';

/** What the form knows of it when it is drawn. */
export interface BypassModel {
  readonly offers: BypassOffers;
  /** As chosen so far; the reason may still be missing. */
  readonly chosen: Bypass | undefined;
  /** With what was chosen. */
  readonly verdict: Verdict | undefined;
  /** The id of the channel that hears of emergencies. */
  readonly alerts: string;
  groupTitle(name: string): string;
}

/** Nothing for who may not. What was chosen stays there, so that it can be taken back. */
export function bypassBlocks({ offers, chosen, verdict, alerts, groupTitle }: BypassModel): KnownBlock[] {
  const kinds = kindsInOrder.filter((kind) => offers.kinds.includes(kind) || chosen?.kind === kind);
  const owed = offers.owed.length === 0 ? [] : [context(owedText(offers.owed), 'bypass-owed')];
  if (kinds.length === 0) return owed;
  const then = verdict?.glass
    ? [
        context(
          `Everybody reads of it in <#${alerts}>. ${debtText(verdict.glass.review, groupTitle, 'you')}`,
          'bypass-then',
        ),
      ]
    : [];
  const code = verdict?.glass?.stepUp ? [codeInput()] : [];
  return [
    choiceBlock(kinds, chosen?.kind),
    ...(chosen ? [reasonBlock(chosen)] : []),
    ...code,
    ...then,
    ...owed,
  ];
}

/** As the page says it, else as it was chosen before; `unreadable` for what no form of ours holds. */
export function readBypass(state: ViewState, before: Bypass | undefined): Bypass | undefined | 'unreadable' {
  const choice = state.values[bypassBlock];
  if (!choice) return before;
  const said = Object.values(choice)[0]?.selected_option?.value;
  if (said === undefined || said === asJudged) return undefined;
  const kind = kindsInOrder.find((one) => one === said);
  if (!kind) return 'unreadable';
  const typed = Object.values(state.values[bypassReasonBlock] ?? {})[0]?.value;
  return { kind, reason: typed ?? (before?.kind === kind ? before.reason : '') };
}

/** What a form carries of it: what is too long is said when it is sent, and need not be carried. */
export function carried(bypass: Bypass): Bypass {
  const reason = bypass.reason.replaceAll(/[\p{Cc}\s]+/gu, ' ').slice(0, bypassReasonMax);
  return { ...bypass, reason };
}

/** What the button says that sends it: nobody breaks glass by a slip. */
export function sendLabel(chosen: Bypass | undefined, verdict: Verdict | undefined): string {
  return chosen?.kind === 'break_glass' && verdict?.glass ? 'Break glass' : 'Request';
}

const asJudged = 'none';
const kindsInOrder = ['override', 'break_glass'] as const satisfies readonly Bypass['kind'][];
const labels = {
  override: 'Ask to go ahead in spite of the window',
  break_glass: 'Break glass (emergency)',
} as const satisfies Record<Bypass['kind'], string>;
const says = {
  override: 'Those who look after the window decide, by your reason.',
  break_glass: 'It runs at once; others hear of it and look at it afterwards.',
} as const satisfies Record<Bypass['kind'], string>;

function choiceBlock(kinds: readonly Bypass['kind'][], chosen: Bypass['kind'] | undefined): InputBlock {
  const options = [
    option(asJudged, 'Go by what the guardrails say'),
    ...kinds.map((kind) => option(kind, labels[kind], says[kind])),
  ];
  const initial = options.find(({ value }) => value === (chosen ?? asJudged));
  return {
    type: 'input',
    block_id: bypassBlock,
    label: plain('If it cannot wait'),
    dispatch_action: true,
    element: {
      type: 'radio_buttons',
      action_id: bypassAction,
      options,
      ...(initial ? { initial_option: initial } : {}),
    },
  };
}

function reasonBlock({ reason }: Bypass): InputBlock {
  return {
    type: 'input',
    block_id: bypassReasonBlock,
    label: plain('Why it cannot wait'),
    hint: plain(`From ${bypassReasonMin} to ${bypassReasonMax} characters. Everybody will read it.`),
    element: {
      type: 'plain_text_input',
      action_id: 'reason',
      multiline: true,
      min_length: bypassReasonMin,
      max_length: bypassReasonMax,
      ...(reason === '' ? {} : { initial_value: reason.slice(0, bypassReasonMax) }),
    },
  };
}

function owedText(owed: readonly string[]): string {
  return `You cannot break glass here: nobody has looked at ${inline(listOf(owed), 200)} yet, your last emergency.`;
}
