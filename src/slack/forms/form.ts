/** An action's schema as a modal: its fields, then what the guardrails would say and what would happen. Pure. */
import type { KnownBlock, ModalView } from '@slack/types';
import type { Action, ChoiceSource, Preview } from '../../core/action.ts';
import type { BypassOffers } from '../../core/glass.ts';
import type { InputSchema } from '../../core/input-schema.ts';
import type { Verdict } from '../../core/verdict.ts';
import {
  actions,
  bold,
  button,
  context,
  divider,
  inline,
  linesWithin,
  linked,
  plain,
  quote,
  section,
} from '../blocks.ts';
import { maxOf } from '../limits.ts';
import { verdictLine, wayLines } from '../verdict-line.ts';
import { withoutSecrets } from '../without-secrets.ts';
import { barrenBlock } from './barren.ts';
import { type BypassModel, bypassBlocks, sendLabel } from './bypass.ts';
import type { FormField } from './fields.ts';
import { type FormValues, fieldsFor, isFurther } from './further.ts';
import { blockIdFor, type FieldChoice, inputBlock, presetMark, schemaMark } from './inputs.ts';
import { type FormMetadata, writeMetadata } from './metadata.ts';
import { pagesOf } from './pages.ts';

export type { ModalView } from '@slack/types';

export const formCallback = 'form.submit';
export const backAction = 'form.back';

export interface FormModel {
  readonly action: Action;
  /** What the action asks for beside its own fields, for the values as they are. */
  readonly schema: InputSchema | undefined;
  readonly metadata: FormMetadata;
  /** By field name, of all pages. */
  readonly values: FormValues;
  /** What stands in fields that nobody has touched, once it is known for what: the size of the chosen blueprint. */
  readonly presets?: FormValues;
  /** By field name. */
  readonly choices: Readonly<Record<string, readonly FieldChoice[]>>;
  /** What the guardrails would say to the values; a sentence when that cannot be told yet. */
  readonly outlook:
    | {
        readonly verdict: Verdict;
        readonly preview?: Preview;
        readonly limits?: readonly string[];
        readonly bypasses?: BypassOffers;
      }
    | { readonly sentence: string }
    | undefined;
  /** What is wrong with fields of this page that was sent from another, by name: Slack says it only on the page itself. */
  readonly wrong?: Readonly<Record<string, string>>;
  /** The id of the channel that hears of emergencies. */
  readonly alerts: string;
  groupTitle(name: string): string;
  /** The reader's zone. */
  readonly timeZone: string | undefined;
}

/** Without secrets: what it says of the outside, a commit or an error, somebody else may have written. */
export function formView(model: FormModel): ModalView {
  const { action, schema, values } = model;
  const { edits } = model.metadata;
  const fields = fieldsFor(action, schema, values);
  const pages = pagesOf(fields);
  const page = pageOf(model.metadata, pages.length);
  const shown = pages[page] ?? [];
  const isLast = page === pages.length - 1;
  return withoutSecrets({
    type: 'modal',
    callback_id: formCallback,
    private_metadata: writeMetadata({ ...model.metadata, page: pages.length > 1 ? page : undefined }),
    title: plain(edits ? `Edit ${edits.id}` : action.title, maxOf('viewTitle')),
    submit: plain(isLast ? lastLabel(model) : 'Next', maxOf('viewButton')),
    close: plain('Not now', maxOf('viewButton')),
    blocks: [
      ...headBlocks(model, page, pages.length),
      ...shown.flatMap((field) => [
        barrenBlock(field, dependsOn(field, model), model.choices[field.name] ?? []) ??
          inputBlock({
            field,
            value: values[field.name] ?? model.presets?.[field.name],
            choices: model.choices[field.name] ?? [],
            dependsOn: isFurther(field.name) ? schemaMark(schema?.digest) : dependsOn(field, model),
            dispatches: field.decides || isDependedOn(field, fields),
          }),
        ...wrongBlocks(field, model.wrong),
      ]),
      ...(isLast ? leftOutBlocks(schema) : []),
      ...(page === 0 ? [] : [actions([button({ label: '← Back', action: backAction })], 'back')]),
      // A read changes nothing, so there is nothing to say before it.
      ...(action.effect !== 'read' && saysVerdict(shown, isLast) ? outlookBlocks(model) : []),
      ...(action.effect !== 'read' && isLast ? bypassBlocks(bypassModel(model)) : []),
    ],
  });
}

function lastLabel(model: FormModel): string {
  if (model.action.effect === 'read') return 'Show';
  if (model.metadata.edits) return 'Save';
  const { chosen, verdict } = bypassModel(model);
  return sendLabel(chosen, verdict);
}

function bypassModel({ outlook, metadata, alerts, groupTitle }: FormModel): BypassModel {
  const said = outlook && 'verdict' in outlook ? outlook : undefined;
  return {
    // How it was asked for stays as it was.
    offers: (metadata.edits ? undefined : said?.bypasses) ?? { kinds: [], owed: [] },
    chosen: metadata.edits ? undefined : metadata.bypass,
    verdict: said?.verdict,
    ...{ alerts, groupTitle },
  };
}

/** The page that is shown: the last one when a change has left fewer than there were. */
export function pageOf({ page = 0 }: FormMetadata, pages: number): number {
  return Math.min(page, pages - 1);
}

/** Whether a page has to say what the guardrails say: at the end, and wherever an answer moves it. */
export function saysVerdict(shown: readonly FormField[], isLast: boolean): boolean {
  return isLast || shown.some((field) => field.decides);
}

function headBlocks({ action, schema, metadata }: FormModel, page: number, pages: number): KnownBlock[] {
  const summary = page === 0 ? [{ ...section(inline(action.summary)), block_id: 'summary' }] : [];
  const { wish } = metadata.edits ?? {};
  const { obstacle } = schema ?? {};
  return [
    ...summary,
    ...(wish === undefined || page > 0 ? [] : [quote(wish, 'wish')]),
    ...(pages === 1 ? [] : [{ ...context(`Page ${page + 1} of ${pages}`), block_id: 'page' }]),
    ...(obstacle === undefined || page > 0
      ? []
      : [
          {
            ...section(`:warning: ${inline(`This cannot be asked for here: ${obstacle}`, 1000)}`),
            block_id: 'obstacle',
          },
        ]),
  ];
}

function wrongBlocks(field: FormField, wrong: FormModel['wrong']): KnownBlock[] {
  const text = wrong?.[field.name];
  if (text === undefined) return [];
  return [
    {
      ...context(`:warning: ${bold(field.title, 75)} ${inline(text, 500)}`),
      block_id: `wrong-${blockIdFor(field.name)}`,
    },
  ];
}

/** What was left out on purpose, so that nobody looks for it. */
function leftOutBlocks(schema: InputSchema | undefined): KnownBlock[] {
  const lines = (schema?.leftOut ?? []).map((line) => `:lock: ${inline(line, 300)}`);
  if (lines.length === 0) return [];
  return [{ ...context(linesWithin(lines, 6, (left) => `and ${left} more`)), block_id: 'left-out' }];
}

/** The field whose value the choices of another hang on. */
const parentOf: Partial<Record<ChoiceSource, string>> = {
  serviceEnvironments: 'service',
  locks: 'service',
  operations: 'name',
};

function dependsOn(field: FormField, { values, presets = {} }: FormModel): string {
  const preset = presets[field.name];
  if (preset !== undefined) return presetMark(preset);
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
  const limits = outlook.limits ?? [];
  const used = limits.length === 0 ? [] : [`Used so far: ${limits.join('; ')}.`];
  const what = [...said, ...used].map((one) => linked(one, 400));
  return [
    rule,
    line(linked(verdictLine(verdict, model.groupTitle, model.timeZone), 1500)),
    ...wayBlocks(verdict, model),
    ...(what.length === 0
      ? []
      : [{ ...context(linesWithin(what, 6, (left) => `and ${left} more`)), block_id: 'preview' }]),
  ];
}

/** What of it to fill in otherwise, or when to ask again. */
function wayBlocks(verdict: Verdict, { groupTitle, timeZone }: FormModel): KnownBlock[] {
  const ways = wayLines(verdict, groupTitle, timeZone).map((line) => linked(line, 400));
  const lines = ways.map((line, index) => (index === 0 ? `• ${line}` : `• or ${line}`));
  if (lines.length === 0) return [];
  return [{ ...context(`${bold('What would let it run')}\n${lines.join('\n')}`), block_id: 'ways' }];
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
