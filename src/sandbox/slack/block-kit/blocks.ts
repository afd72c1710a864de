/** Blocks: what each may hold, and on which surface it may stand. */
import { z } from 'zod';
import { limits } from '../limits.ts';
import { accessoryElement, actionsElement, inputElement } from './elements.ts';
import { anyText, blockId, imageLink, plainText } from './objects.ts';

export type Surface = 'message' | 'modal' | 'home';

const image = {
  image_url: imageLink(limits.imageUrl.max).optional(),
  slack_file: z.looseObject({}).optional(),
  alt_text: z.string().min(1).max(limits.imageAltText.max),
};

const richTextPart = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('rich_text_section'),
    elements: z.array(z.looseObject({ type: z.string() })),
  }),
  z.looseObject({
    type: z.literal('rich_text_list'),
    elements: z.array(z.looseObject({ type: z.string() })),
  }),
  z.looseObject({
    type: z.literal('rich_text_preformatted'),
    elements: z.array(z.looseObject({ type: z.string() })),
  }),
  z.looseObject({
    type: z.literal('rich_text_quote'),
    elements: z.array(z.looseObject({ type: z.string() })),
  }),
]);

const tableCell = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('raw_text'), text: z.string() }),
  z.looseObject({ type: z.literal('raw_number') }),
  z.looseObject({ type: z.literal('rich_text'), elements: z.array(richTextPart) }),
]);

const chartLabel = z.string().min(1).max(limits.chartLabel.max);

/** Every series has one value for each category, under its name. */
function seriesChart<Type extends 'bar' | 'area' | 'line'>(type: Type) {
  const axisLabel = z.string().max(limits.chartTitle.max).optional();
  return z
    .strictObject({
      type: z.literal(type),
      series: z
        .array(
          z.strictObject({
            name: chartLabel,
            data: z.array(z.strictObject({ label: chartLabel, value: z.number() })),
          }),
        )
        .min(1)
        .max(limits.chartSeries.max),
      axis_config: z.strictObject({
        categories: z.array(chartLabel).min(1).max(limits.chartPoints.max),
        x_label: axisLabel,
        y_label: axisLabel,
      }),
    })
    .refine(
      ({ series, axis_config: { categories } }) =>
        new Set(categories).size === categories.length &&
        new Set(series.map(({ name }) => name)).size === series.length &&
        series.every(({ data }) => data.map(({ label }) => label).join('\n') === categories.join('\n')),
      'series must have unique names and one value for each category',
    );
}

export const blockSchemas = {
  section: z
    .strictObject({
      type: z.literal('section'),
      block_id: blockId,
      text: anyText().optional(),
      fields: z.array(anyText(limits.sectionField.max)).min(1).max(limits.sectionFields.max).optional(),
      accessory: accessoryElement.optional(),
      expand: z.boolean().optional(),
    })
    .refine((block) => block.text !== undefined || block.fields !== undefined, 'must have text or fields'),
  header: z.strictObject({
    type: z.literal('header'),
    block_id: blockId,
    text: plainText(limits.headerText.max),
    level: z.int().min(1).max(4).optional(),
  }),
  divider: z.strictObject({ type: z.literal('divider'), block_id: blockId }),
  context: z.strictObject({
    type: z.literal('context'),
    block_id: blockId,
    elements: z
      .array(
        z.discriminatedUnion('type', [
          ...anyText().options,
          z.strictObject({ type: z.literal('image'), ...image }),
        ]),
      )
      .min(1)
      .max(limits.contextElements.max),
  }),
  image: z.strictObject({
    type: z.literal('image'),
    block_id: blockId,
    ...image,
    title: plainText(limits.imageTitle.max).optional(),
  }),
  actions: z.strictObject({
    type: z.literal('actions'),
    block_id: blockId,
    elements: z.array(actionsElement).min(1).max(limits.actionsElements.max),
  }),
  input: z.strictObject({
    type: z.literal('input'),
    block_id: blockId,
    label: plainText(limits.inputLabel.max),
    element: inputElement,
    hint: plainText(limits.inputHint.max).optional(),
    optional: z.boolean().optional(),
    dispatch_action: z.boolean().optional(),
  }),
  rich_text: z.strictObject({
    type: z.literal('rich_text'),
    block_id: blockId,
    elements: z.array(richTextPart),
  }),
  markdown: z.strictObject({
    type: z.literal('markdown'),
    block_id: blockId,
    text: z.string().min(1).max(limits.markdownText.max),
  }),
  table: z.strictObject({
    type: z.literal('table'),
    block_id: blockId,
    rows: z.array(z.array(tableCell).min(1).max(limits.tableCells.max)).min(1).max(limits.tableRows.max),
    column_settings: z
      .array(
        z
          .strictObject({
            align: z.enum(['left', 'center', 'right']).optional(),
            is_wrapped: z.boolean().optional(),
          })
          .nullable(),
      )
      .max(limits.tableCells.max)
      .optional(),
  }),
  video: z.looseObject({ type: z.literal('video'), block_id: blockId, alt_text: z.string().min(1) }),
  file: z.looseObject({ type: z.literal('file'), block_id: blockId, external_id: z.string() }),
  alert: z.looseObject({ type: z.literal('alert'), block_id: blockId, text: anyText(200) }),
  container: z.looseObject({ type: z.literal('container'), block_id: blockId }),
  plan: z.looseObject({ type: z.literal('plan'), block_id: blockId }),
  task_card: z.looseObject({ type: z.literal('task_card'), block_id: blockId }),
  card: z.looseObject({ type: z.literal('card'), block_id: blockId }),
  carousel: z.looseObject({ type: z.literal('carousel'), block_id: blockId }),
  context_actions: z.looseObject({ type: z.literal('context_actions'), block_id: blockId }),
  data_table: z.looseObject({ type: z.literal('data_table'), block_id: blockId }),
  data_visualization: z.strictObject({
    type: z.literal('data_visualization'),
    block_id: blockId,
    title: z.string().min(1).max(limits.chartTitle.max),
    chart: z.discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('pie'),
        segments: z
          .array(z.strictObject({ label: chartLabel, value: z.number().positive() }))
          .min(1)
          .max(limits.chartSeries.max),
      }),
      seriesChart('bar'),
      seriesChart('area'),
      seriesChart('line'),
    ]),
  }),
} as const;

export type BlockType = keyof typeof blockSchemas;

/** Accepted, and shown as a placeholder: their inside is not checked here. */
export const placeholderBlocks: readonly BlockType[] = [
  'video', 'file', 'container', 'plan', 'task_card', 'card', 'carousel', 'context_actions', 'data_table',
]; // biome-ignore format: a table of names

const everywhere: readonly Surface[] = ['message', 'modal', 'home'];

/** Where a block may stand. An input block in a message is real Slack's too. */
export const surfacesOf: Record<BlockType, readonly Surface[]> = {
  section: everywhere,
  header: everywhere,
  divider: everywhere,
  context: everywhere,
  image: everywhere,
  actions: everywhere,
  input: everywhere,
  rich_text: everywhere,
  video: everywhere,
  markdown: ['message'],
  table: ['message', 'home'],
  file: ['message'],
  alert: ['modal'],
  container: everywhere,
  plan: ['message'],
  task_card: ['message'],
  card: ['message'],
  carousel: ['message'],
  context_actions: ['message'],
  data_table: ['message', 'home'],
  data_visualization: ['message', 'home'],
};

/** Elements that only a modal takes. */
export const modalOnlyElements = new Set([
  'number_input',
  'email_text_input',
  'url_text_input',
  'file_input',
]);
