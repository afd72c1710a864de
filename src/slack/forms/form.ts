/** An action's schema as a modal: its fields, then what the guardrails would say and what would happen. Pure. */
import type { KnownBlock, ModalView } from '@slack/types';
import type { Action, ChoiceSource, Preview } from '../../core/action.ts';
import type { Verdict } from '../../core/verdict.ts';
import { bold, context, divider, inline, linesWithin, linked, plain, section } from '../blocks.ts';
import { maxOf } from '../limits.ts';
import { verdictLine } from '../verdict-line.ts';
import { type FormField, fieldsOf } from './fields.ts';
import { type FieldChoice, inputBlock } from './inputs.ts';
import { type FormMetadata, writeMetadata } from './metadata.ts';

export type { ModalView } from '@slack/types';

export const formCallback = 'form.submit';

export interface FormModel {
  readonly action: Action;
  readonly metadata: FormMetadata;
  readonly values: Readonly<Record<string, unknown>>;
  /** By field name. */
  readonly choices: Readonly<Record<string, readonly FieldChoice[]>>;
  /** What the guardrails would say to the values; a sentence when that cannot be told yet. */
  readonly outlook:
    | { readonly verdict: Verdict; readonly preview?: Preview }
    | { readonly sentence: string }
    | undefined;
  groupTitle(name: string): string;
  /** The reader's zone. */
  readonly timeZone: string | undefined;
}

export function formView(model: FormModel): ModalView {
  const { action, metadata } = model;
  const fields = fieldsOf(action);
  return {
    type: 'modal',
    callback_id: formCallback,
    private_metadata: writeMetadata(metadata),
    title: plain(action.title, maxOf('viewTitle')),
    submit: plain(action.effect === 'read' ? 'Show' : 'Request', maxOf('viewButton')),
    close: plain('Not now', maxOf('viewButton')),
    blocks: [
      { ...section(inline(action.summary)), block_id: 'summary' },
      ...fields.map((field) =>
        inputBlock({
          field,
          value: model.values[field.name],
          choices: model.choices[field.name] ?? [],
          dependsOn: dependsOn(field, model.values),
          dispatches: field.decides || isDependedOn(field, fields),
        }),
      ),
      // A read changes nothing, so there is nothing to say before it.
      ...(action.effect === 'read' ? [] : outlookBlocks(model)),
    ],
  };
}

/** The field whose value the choices of another hang on. */
const parentOf: Partial<Record<ChoiceSource, string>> = { serviceEnvironments: 'service' };

function dependsOn(field: FormField, values: Readonly<Record<string, unknown>>): string {
  const parent = field.kind === 'choice' ? parentOf[field.source] : undefined;
  return parent === undefined ? '' : String(values[parent] ?? '');
}

function isDependedOn(field: FormField, fields: readonly FormField[]): boolean {
  return fields.some((one) => one.kind === 'choice' && parentOf[one.source] === field.name);
}

/** Ids stay the same over redraws, so that nothing jumps while people type. */
function outlookBlocks(model: FormModel): KnownBlock[] {
  const { outlook } = model;
  const line = (text: string) => ({
    ...section(`${bold('The guardrails say')}\n${text}`),
    block_id: 'verdict',
  });
  const rule = { ...divider(), block_id: 'verdict-above' };
  if (outlook === undefined)
    return [rule, line('Fill in the fields above to see whether somebody must approve.')];
  if ('sentence' in outlook) return [rule, line(linked(outlook.sentence, 1000))];
  const { verdict, preview } = outlook;
  const cautions = [...(preview?.cautions ?? []), ...verdict.warnings.map((warning) => warning.text)];
  const said = [...(preview ? [preview.sentence] : []), ...cautions.map((caution) => `Caution: ${caution}`)];
  const what = said.map((one) => linked(one, 400));
  return [
    rule,
    line(linked(verdictLine(verdict, model.groupTitle, model.timeZone), 1500)),
    ...(what.length === 0
      ? []
      : [{ ...context(linesWithin(what, 6, (left) => `and ${left} more`)), block_id: 'preview' }]),
  ];
}

/** What opens within the trigger's 3 seconds when the choices take longer. */
export function loadingView(title: string): ModalView {
  return {
    type: 'modal',
    title: plain(title, maxOf('viewTitle')),
    close: plain('Close', maxOf('viewButton')),
    blocks: [section('Loading…')],
  };
}

/** A modal that only says something. */
export function messageView(title: string, blocks: KnownBlock[]): ModalView {
  return {
    type: 'modal',
    title: plain(title, maxOf('viewTitle')),
    close: plain('Close', maxOf('viewButton')),
    blocks: blocks.slice(0, maxOf('blocksPerView')),
  };
}
