import { describe, expect, test } from 'vitest';
import { placeholderBlocks } from '../../../src/sandbox/slack/block-kit/blocks.ts';
import { type LimitName, limits } from '../../../src/sandbox/slack/limits.ts';
import { botToken, type Stage, stage } from './world.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const x = (length: number) => 'x'.repeat(length);
const link = (length: number) => 'https://a.example/'.padEnd(length, 'x');
const list = <T>(length: number, make: (index: number) => T) =>
  Array.from({ length }, (_, index) => make(index));
const option = (changes = {}, index = 0) => ({ text: plain(`o${index}`), value: `v${index}`, ...changes });
const options = (length: number) => list(length, (index) => option({}, index));
const section = { type: 'section', text: plain('s') };
const button = (changes = {}) => ({ type: 'button', action_id: 'b', text: plain('b'), ...changes });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const confirm = (changes = {}) => ({ title: plain('t'), text: plain('t'), ...changes });
const select = (changes = {}) => ({ type: 'static_select', action_id: 's', options: options(1), ...changes });
const input = (changes = {}) => ({
  type: 'input',
  label: plain('l'),
  element: { type: 'plain_text_input', action_id: 'i' },
  ...changes,
});
const modal = (changes = {}) => ({
  type: 'modal',
  title: plain('t'),
  submit: plain('s'),
  blocks: [section],
  ...changes,
});

/** Something that is exactly `n` large where the limit applies: a block of a message, a view, or a call's arguments. */
type Sized =
  | { block: (n: number) => object }
  | { view: (n: number) => object }
  | { message: (n: number) => object };

const cases: Record<Exclude<LimitName, NotASize>, Sized> = {
  blocksPerMessage: { message: (n) => ({ blocks: list(n, () => ({ type: 'divider' })) }) },
  blocksPerView: { view: (n) => modal({ blocks: list(n, () => ({ type: 'divider' })) }) },
  blockId: { block: (n) => ({ ...section, block_id: x(n) }) },
  actionId: { block: (n) => actions(button({ action_id: x(n) })) },
  textObject: { block: (n) => ({ type: 'section', text: { type: 'mrkdwn', text: x(n) } }) },
  sectionFields: { block: (n) => ({ type: 'section', fields: list(n, () => plain('f')) }) },
  sectionField: { block: (n) => ({ type: 'section', fields: [plain(x(n))] }) },
  headerText: { block: (n) => ({ type: 'header', text: plain(x(n)) }) },
  contextElements: { block: (n) => ({ type: 'context', elements: list(n, () => plain('c')) }) },
  actionsElements: { block: (n) => actions(...list(n, (index) => button({ action_id: `b${index}` }))) },
  imageUrl: { block: (n) => ({ type: 'image', image_url: link(n), alt_text: 'a' }) },
  imageAltText: { block: (n) => ({ type: 'image', image_url: 'https://a.example/b.png', alt_text: x(n) }) },
  imageTitle: {
    block: (n) => ({
      type: 'image',
      image_url: 'https://a.example/b.png',
      alt_text: 'a',
      title: plain(x(n)),
    }),
  },
  inputLabel: { view: (n) => modal({ blocks: [input({ label: plain(x(n)) })] }) },
  inputHint: { view: (n) => modal({ blocks: [input({ hint: plain(x(n)) })] }) },
  markdownText: { block: (n) => ({ type: 'markdown', text: x(n) }) },
  tableRows: { block: (n) => ({ type: 'table', rows: list(n, () => [{ type: 'raw_text', text: 'c' }]) }) },
  tableCells: { block: (n) => ({ type: 'table', rows: [list(n, () => ({ type: 'raw_text', text: 'c' }))] }) },
  tableCharacters: { block: (n) => ({ type: 'table', rows: [[{ type: 'raw_text', text: x(n) }]] }) },
  buttonText: { block: (n) => actions(button({ text: plain(x(n)) })) },
  buttonValue: { block: (n) => actions(button({ value: x(n) })) },
  buttonUrl: { block: (n) => actions(button({ url: link(n) })) },
  accessibilityLabel: { block: (n) => actions(button({ accessibility_label: x(n) })) },
  confirmTitle: { block: (n) => actions(button({ confirm: confirm({ title: plain(x(n)) }) })) },
  confirmText: { block: (n) => actions(button({ confirm: confirm({ text: plain(x(n)) }) })) },
  confirmButton: { block: (n) => actions(button({ confirm: confirm({ deny: plain(x(n)) }) })) },
  optionText: { block: (n) => actions(select({ options: [option({ text: plain(x(n)) })] })) },
  optionValue: { block: (n) => actions(select({ options: [option({ value: x(n) })] })) },
  optionDescription: { block: (n) => actions(select({ options: [option({ description: plain(x(n)) })] })) },
  optionGroupLabel: {
    block: (n) =>
      actions(select({ options: undefined, option_groups: [{ label: plain(x(n)), options: options(1) }] })),
  },
  selectOptions: { block: (n) => actions(select({ options: options(n) })) },
  selectOptionGroups: {
    block: (n) =>
      actions(
        select({
          options: undefined,
          option_groups: list(n, () => ({ label: plain('g'), options: options(1) })),
        }),
      ),
  },
  overflowOptions: { block: (n) => actions({ type: 'overflow', action_id: 'o', options: options(n) }) },
  choiceOptions: { block: (n) => actions({ type: 'checkboxes', action_id: 'c', options: options(n) }) },
  placeholder: { block: (n) => actions(select({ placeholder: plain(x(n)) })) },
  inputLength: {
    view: (n) =>
      modal({ blocks: [input({ element: { type: 'plain_text_input', action_id: 'i', max_length: n } })] }),
  },
  viewTitle: { view: (n) => modal({ title: plain(x(n)) }) },
  viewButton: { view: (n) => modal({ submit: plain(x(n)) }) },
  privateMetadata: { view: (n) => modal({ private_metadata: x(n) }) },
  callbackId: { view: (n) => modal({ callback_id: x(n) }) },
  externalId: { view: (n) => modal({ external_id: x(n) }) },
  chartTitle: { block: (n) => pie({ title: x(n) }) },
  chartLabel: { block: (n) => pie({}, [{ label: x(n), value: 1 }]) },
  chartSeries: {
    block: (n) =>
      pie(
        {},
        list(n, () => ({ label: 's', value: 1 })),
      ),
  },
  chartPoints: { block: (n) => lines(Array.from({ length: n }, (_, at) => `c${at}`)) },
  attachments: { message: (n) => ({ attachments: list(n, () => ({ text: 'a' })) }) },
};

function pie(more: object, segments: unknown[] = [{ label: 's', value: 1 }]) {
  return { type: 'data_visualization', title: 'Chart', chart: { type: 'pie', segments }, ...more };
}

function lines(categories: readonly string[]) {
  const data = categories.map((label) => ({ label, value: 1 }));
  const chart = { type: 'line', series: [{ name: 'a', data }], axis_config: { categories } };
  return { type: 'data_visualization', title: 'Chart', chart };
}

/** Tested as promises of their own: times, uses, sockets, the stack, and what Slack cuts rather than refuses. */
type NotASize =
  | 'viewBytes' | 'modalStack' | 'messageText' | 'updateText' | 'metadataBytes' | 'ackMs' | 'triggerMs'
  | 'responseUrlUses' | 'responseUrlMs' | 'sockets'; // biome-ignore format: a table of names

async function attempt(
  { box }: Stage,
  sized: Sized,
  n: number,
): Promise<{ ok: boolean; error?: string; response_metadata?: { messages: string[] } }> {
  const [method, args] =
    'view' in sized
      ? (['views.publish', { user_id: 'U0DANA', view: { ...sized.view(n) } }] as const)
      : ([
          'chat.postMessage',
          {
            channel: 'C0REQUESTS',
            text: 't',
            ...('block' in sized ? { blocks: [sized.block(n)] } : sized.message(n)),
          },
        ] as const);
  // A modal cannot be published: the trigger is missing, but the view is checked first.
  const name = 'view' in sized ? 'views.open' : method;
  const response = await fetch(box.apiUrl + name, {
    method: 'POST',
    headers: { authorization: `Bearer ${botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(args),
  });
  const answer = (await response.json()) as { ok: boolean; error?: string };
  return answer.error === 'invalid_trigger_id' ? { ok: true } : answer;
}

describe('the limits table', () => {
  test.each(Object.entries(cases))('%s: the limit passes, one more is refused', async (name, sized) => {
    const on = await stage({ rateLimits: false });
    const { max } = limits[name as LimitName];
    expect(await attempt(on, sized, max)).toMatchObject({ ok: true });
    const refused = await attempt(on, sized, max + 1);
    expect(refused.ok).toBe(false);
    const expected =
      name === 'attachments'
        ? 'too_many_attachments'
        : 'view' in sized
          ? 'invalid_arguments'
          : 'invalid_blocks';
    expect(refused.error).toBe(expected);
    if (expected !== 'too_many_attachments')
      expect(refused.response_metadata?.messages[0]).toMatch(/^\[ERROR\] .* \[json-pointer:\//);
  });

  test.each(placeholderBlocks)(
    'a %s is taken as it is: its inside is not checked, and the page says so',
    async (type) => {
      const on = await stage();
      const block = { type, alt_text: 'a', external_id: 'x', anything: true };
      expect(await attempt(on, { block: () => block }, 0)).toMatchObject({ ok: true });
    },
  );

  test('an alert stands in modals only, and a number input too', async () => {
    const on = await stage();
    const alert = { type: 'alert', text: plain('careful') };
    const number = input({ element: { type: 'number_input', action_id: 'n', is_decimal_allowed: false } });
    for (const block of [alert, number]) {
      expect(await attempt(on, { block: () => block }, 0)).toMatchObject({ error: 'invalid_blocks' });
      expect(await attempt(on, { view: () => modal({ blocks: [block] }) }, 0)).toMatchObject({ ok: true });
    }
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', 'not a link'])(
    'a button to %s is refused',
    async (url) => {
      const refused = await attempt(await stage(), { block: () => actions(button({ url })) }, 0);
      expect(refused).toMatchObject({ ok: false, error: 'invalid_blocks' });
      expect(refused.response_metadata?.messages[0]).toContain('must be a valid URL');
    },
  );

  test('a view over 250 kB is view_too_large', async () => {
    const on = await stage();
    const blocks = list(90, () => ({ type: 'section', text: { type: 'mrkdwn', text: x(2900) } }));
    expect(await attempt(on, { view: () => modal({ blocks }) }, 0)).toMatchObject({
      ok: false,
      error: 'view_too_large',
    });
  });
});
