import { describe, expect, it } from 'vitest';
import { blockTypes, elementTypes } from '../../../src/sandbox/page/blocks/surfaces.ts';
import { renderBlocks } from './render.ts';

const gap = 'class="placeholder"';
const plain = { type: 'plain_text', text: 'Text' };
const options = [{ text: plain, value: 'one' }];
const raw = [[{ type: 'raw_text', text: 'a' }]];

/** What a type needs to be drawn at all. */
const contents: Readonly<Record<string, object>> = {
  actions: { elements: [] },
  alert: { text: plain },
  context: { elements: [plain] },
  data_table: { caption: 'Rows', rows: raw },
  data_visualization: { title: 'Mix', chart: { type: 'pie', segments: [{ label: 'a', value: 1 }] } },
  header: { text: plain },
  image: { image_url: 'https://acme.example/a.png', alt_text: 'picture' },
  input: { label: plain, element: { type: 'plain_text_input', action_id: 'a' } },
  markdown: { text: '**b**' },
  rich_text: { elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] }] },
  section: { text: plain },
  table: { rows: raw },
};

describe('what the page cannot draw it says', () => {
  it('these block types are placeholders, and no others', () => {
    expect(named(blockTypes, 'placeholder')).toEqual([
      'card',
      'carousel',
      'container',
      'context_actions',
      'file',
      'plan',
      'task_card',
      'video',
    ]);
  });

  it('these element types are placeholders, and no others', () => {
    expect(named(elementTypes, 'placeholder')).toEqual([
      'feedback_buttons',
      'file_input',
      'icon_button',
      'rich_text_input',
      'workflow_button',
    ]);
  });

  it.each(Object.keys(blockTypes))('the table tells the truth about the block %s', async (type) => {
    const drawn = await renderBlocks([{ type, block_id: 'b', ...contents[type] }]);
    expect(drawn.includes(gap)).toBe(blockTypes[type as keyof typeof blockTypes] === 'placeholder');
    if (drawn.includes(gap)) expect(drawn).toContain(`<code>${type}</code>`);
  });

  it.each(Object.keys(elementTypes).filter((type) => type !== 'image'))(
    'the table tells the truth about the element %s',
    async (type) => {
      const element = { type, action_id: 'a', text: plain, options };
      const drawn = await renderBlocks([{ type: 'actions', block_id: 'b', elements: [element] }]);
      expect(drawn.includes(gap)).toBe(elementTypes[type as keyof typeof elementTypes] === 'placeholder');
    },
  );

  it.each(['line', 'area', 'bar'])(
    'a chart of type %s is drawn, and read out with all its values',
    async (type) => {
      const data = [
        { label: '10:00', value: 0 },
        { label: '10:05', value: 95 },
      ];
      const axis_config = { categories: ['10:00', '10:05'], y_label: '%' };
      const chart = { type, series: [{ name: 'errors', data }], axis_config };
      const drawn = await renderBlocks([
        { type: 'data_visualization', block_id: 'b', title: 'Errors', chart },
      ]);
      expect(drawn).toContain('aria-label="errors 0, 95"');
      expect(drawn).toContain('<li class="chart-ink-0">errors: 95 %</li>');
      expect(drawn).toMatch(/points="(?:0,120 )?0,120 480,0|<rect x="264" y="0" width="192" height="120"/);
    },
  );

  it('a type that Slack invents tomorrow is named, not swallowed', async () => {
    expect(await renderBlocks([{ type: 'hologram', block_id: 'b' }])).toContain('<code>hologram</code>');
  });
});

function named(table: Readonly<Record<string, string>>, value: string): string[] {
  return Object.keys(table).filter((key) => table[key] === value);
}
