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

  it('a type that Slack invents tomorrow is named, not swallowed', async () => {
    expect(await renderBlocks([{ type: 'hologram', block_id: 'b' }])).toContain('<code>hologram</code>');
  });
});

function named(table: Readonly<Record<string, string>>, value: string): string[] {
  return Object.keys(table).filter((key) => table[key] === value);
}
