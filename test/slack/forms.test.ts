import type { KnownBlock } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Action, defineAction, type FieldMeta } from '../../src/core/action.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { ok, problem } from '../../src/core/problem.ts';
import { denyView, readReason } from '../../src/slack/forms/deny-form.ts';
import { fieldsOf } from '../../src/slack/forms/fields.ts';
import { formView } from '../../src/slack/forms/form.ts';
import { readDenyMetadata, readFormMetadata, writeMetadata } from '../../src/slack/forms/metadata.ts';
import { fieldErrors, readFields } from '../../src/slack/forms/read-state.ts';
import { actions } from '../handlers/world.ts';
import { expectGoodModal } from './manners.ts';
import { preview, verdict } from './samples.ts';

const every = defineAction({
  title: 'A title that is far longer than a modal takes',
  summary: 'Do <!channel> something.',
  effect: 'change',
  channel: 'requests',
  command: { slash: '/x', positional: [], examples: [] },
  input: z.strictObject({
    name: z
      .string()
      .min(2)
      .max(5000)
      .meta({ title: 'Name', placeholder: 'x'.repeat(300) } satisfies FieldMeta),
    why: z
      .string()
      .optional()
      .meta({ title: 'Why', isLong: true } satisfies FieldMeta),
    size: z
      .enum(['small', 'large'])
      .default('small')
      .meta({ title: 'Size' } satisfies FieldMeta),
    letter: z.enum(['a', 'b', 'c', 'd', 'e']).meta({ title: 'Letter', decides: true } satisfies FieldMeta),
    count: z
      .int()
      .min(1)
      .max(9)
      .default(3)
      .meta({ title: 'Count' } satisfies FieldMeta),
    ratio: z
      .number()
      .optional()
      .meta({ title: 'Ratio' } satisfies FieldMeta),
    sure: z
      .boolean()
      .default(true)
      .meta({ title: 'Sure' } satisfies FieldMeta),
    service: z.string().meta({ title: 'Service', choices: 'services' } satisfies FieldMeta),
    place: z.string().meta({ title: 'Place', choices: 'serviceEnvironments' } satisfies FieldMeta),
  }),
  target: () => ok({ kind: 'service', name: 'x', tier: 'dev', team: 't' }),
  preview: async () => preview,
  steps: () => [],
  outputs: () => ({ links: [], notes: [] }),
});

const metadata = { action: 'x', draftId: 'd'.repeat(32), channel: 'C0GENERAL' };
const choice = (value: string) => ({ value, label: value });

function form(action: Action = every, more: Partial<Parameters<typeof formView>[0]> = {}) {
  return formView({
    action,
    schema: undefined,
    metadata,
    values: {},
    choices: { service: [choice('payments')], place: [] },
    outlook: undefined,
    alerts: 'C0INCIDENTS',
    groupTitle: (name) => name,
    timeZone: undefined,
    ...more,
  });
}
const inputs = (view: ReturnType<typeof form>) =>
  Object.fromEntries(
    (view.blocks as KnownBlock[]).flatMap((block) =>
      block.type === 'input' ? [[block.block_id ?? '', block] as const] : [],
    ),
  );

describe('a form', () => {
  test('keeps every limit for every action, empty and with an outlook', () => {
    for (const action of [every, ...actions.values()]) {
      expectGoodModal(form(action));
      expectGoodModal(form(action, { outlook: { verdict, preview } }));
      expectGoodModal(form(action, { outlook: { verdict } }));
      expectGoodModal(form(action, { outlook: { sentence: 'x'.repeat(5000) } }));
    }
  });

  test('shows no secret that a commit or an error holds, and keeps what its reader has typed', () => {
    const token = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789';
    const cautions = [`The last commit says: use ${token}`];
    const values = { name: token };
    const shown = form(every, { values, outlook: { verdict, preview: { ...preview, cautions } } });
    expect(inputs(shown)['field:name']).toMatchObject({ element: { initial_value: token } });
    expect(
      JSON.stringify(shown)
        .match(/(?:ghp_\w+|\[redacted\])/g)
        ?.sort(),
    ).toEqual(['[redacted]', token]);
    expect(JSON.stringify(form(every, { wrong: { name: `No ${token}.` } }))).not.toContain(token);
  });

  test('asks for each kind of field in its own way', () => {
    const types = Object.fromEntries(
      Object.entries(inputs(form())).map(([id, block]) => [id, block.element.type]),
    );
    expect(types).toEqual({
      'field:name': 'plain_text_input',
      'field:why': 'plain_text_input',
      'field:size': 'radio_buttons',
      'field:letter': 'static_select',
      'field:count': 'number_input',
      'field:ratio': 'number_input',
      'field:sure': 'checkboxes',
      'field:service': 'static_select',
      'field:place': 'external_select',
    });
  });

  test("shows the schema's bounds, defaults and what is optional", () => {
    const blocks = inputs(form());
    expect(blocks['field:name']).toMatchObject({
      optional: false,
      element: { min_length: 2, max_length: 3000 },
    });
    expect(blocks['field:why']).toMatchObject({ optional: true, element: { multiline: true } });
    expect(blocks['field:count']).toMatchObject({
      element: { initial_value: '3', min_value: '1', max_value: '9', is_decimal_allowed: false },
    });
    expect(blocks['field:size']).toMatchObject({ element: { initial_option: { value: 'small' } } });
    expect(blocks['field:sure']).toMatchObject({
      optional: true,
      element: { initial_options: [{ value: 'yes' }] },
    });
  });

  test('tells us of a change only where something hangs on it', () => {
    const dispatches = Object.entries(inputs(form())).flatMap(([id, block]) =>
      block.dispatch_action ? [id] : [],
    );
    expect(dispatches).toEqual(['field:letter', 'field:service']);
  });

  test('keeps block ids over a redraw, but for a select whose choices have changed', () => {
    const ids = (values: Record<string, unknown>) => Object.keys(inputs(form(every, { values })));
    const [before, after] = [ids({ service: 'payments' }), ids({ service: 'search', name: 'other' })];
    expect(before.filter((id) => !after.includes(id))).toEqual(['field:place~payments']);
  });

  test('asks live when there are more choices than a select holds', () => {
    const many = Array.from({ length: 101 }, (_, index) => choice(`s${index}`));
    const view = form(every, {
      choices: { service: many, place: many.slice(0, 100) },
      values: { service: 's7' },
    });
    expect(inputs(view)['field:service']).toMatchObject({
      element: { type: 'external_select', min_query_length: 0, initial_option: { value: 's7' } },
    });
    expect(inputs(view)['field:place~s7']).toMatchObject({ element: { type: 'static_select' } });
    expectGoodModal(view);
  });

  test('says what the guardrails say, and what will happen', () => {
    const text = JSON.stringify(form(every, { outlook: { verdict, preview } }).blocks);
    expect(text).toContain('Needs 2 approvals from payments-team or sre: production changes.');
    expect(text).toContain(preview.sentence);
    expect(text).toContain('Caution: 1 check is red: e2e.');
  });
});

describe('what was filled in', () => {
  test('comes back as the schema wants it, and empty fields not at all', () => {
    const value = <More>(more: More) => ({ any: more });
    const input = readFields(fieldsOf(every), {
      values: {
        'field:name': value({ value: '  two words ' }),
        'field:why': value({ value: null }),
        'field:size': value({ selected_option: { value: 'large' } }),
        'field:letter': value({ selected_option: null }),
        'field:count': value({ value: '7' }),
        'field:ratio': value({ value: 'much' }),
        'field:sure': value({ selected_options: [] }),
        'field:service': value({ selected_option: { value: 'payments' } }),
        'field:place~payments': value({ selected_option: { value: 'production' } }),
        'field:unheard': value({ value: 'x' }),
        verdict: value({ value: 'x' }),
      },
    });
    expect(input).toEqual({
      name: 'two words',
      size: 'large',
      count: 7,
      ratio: 'much',
      sure: false,
      service: 'payments',
      place: 'production',
    });
  });

  test('what every action shows as default is what it reads back', () => {
    for (const action of actions.values()) {
      const defaults = Object.fromEntries(
        fieldsOf(action).flatMap((field) =>
          field.defaultValue === undefined ? [] : [[field.name, field.defaultValue]],
        ),
      );
      const values = Object.fromEntries(
        Object.entries(defaults).map(([name, value]) => [`field:${name}`, { a: { value: String(value) } }]),
      );
      expect(readFields(fieldsOf(action), { values })).toEqual(defaults);
    }
  });
});

describe('errors', () => {
  const blocks = [
    { type: 'section', block_id: 'summary' },
    { type: 'input', block_id: 'field:name' },
    { type: 'input', block_id: 'field:place~payments' },
  ];
  const wrong = (fields?: Record<string, string>) =>
    problem('bad_input', 'Wrong.', 'Mend it.', fields ? { fields } : {});

  test('stand at their fields', () => {
    expect(fieldErrors(wrong({ name: 'too short', 'place.x': 'unknown' }), blocks)).toEqual({
      'field:name': 'Too short',
      'field:place~payments': 'Unknown',
    });
  });

  test('of a field that is not shown, or of none, stand at the first', () => {
    expect(fieldErrors(wrong({ ghost: 'boo' }), blocks)).toEqual({ 'field:name': 'Boo' });
    expect(fieldErrors(wrong(), blocks)).toEqual({ 'field:name': 'Wrong. Mend it.' });
  });

  test('of another kind are none of a field', () => {
    expect(fieldErrors(problem('busy', 'Busy.', 'Wait.'), blocks)).toBeUndefined();
  });
});

describe('what a modal carries', () => {
  test('comes back as it was', () => {
    expect(readFormMetadata(writeMetadata(metadata))).toEqual(metadata);
    const denial = { id: requestIdOf(3), digest: 'abc', channel: 'C1' };
    expect(readDenyMetadata(writeMetadata(denial))).toEqual(denial);
  });

  test('is refused when it is anything else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readFormMetadata(text)).toBeUndefined();
        expect(readDenyMetadata(text)).toBeUndefined();
      }),
    );
    expect(readFormMetadata(JSON.stringify({ ...metadata, admin: true }))).toBeUndefined();
  });
});

test('the form for a reason keeps the limits, and its reason is read back', () => {
  const view = denyView({ id: requestIdOf(999_999_999), digest: 'a'.repeat(64) }, '<!channel>'.repeat(100));
  expectGoodModal(view);
  expect(readReason({ values: { reason: { text: { value: ' because ' } } } })).toBe('because');
  expect(readReason({ values: {} })).toBe('');
});
