/** Rules that read what a blueprint or a workflow itself asks for, and spans of time. */
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/approvals/evaluate.ts';
import { describeWay } from '../../src/approvals/explain-ways.ts';
import { inputKnobs } from '../../src/approvals/field-knobs.ts';
import { readPolicy } from '../../src/approvals/policy.ts';
import { checkPolicy } from '../../src/approvals/proofs/check-policy.ts';
import { traceRules } from '../../src/approvals/trace.ts';
import { inputSchemaOf } from '../../src/schemas/input-schema.ts';
import { accepted, catalog, facts, mistakesOf, policyOf, readRules, subjects } from './shipped.ts';

const mistakesIn = (header: string, when: string) =>
  mistakesOf(readRules(`- id: r\n  ${header}\n  when: ${when}\n  deny: x\n`));

describe('a rule for a blueprint or a workflow', () => {
  test.each([
    ['blueprint: worker', 'input.values.concurrency > 16 && !input.values.keepMessages'],
    ['blueprint: [worker, complete]', 'input.cpu > 2'],
    ['workflow: reindex-search', 'input.values.batch_size > 1000 || input.values.index == "products"'],
    ['on: environment.create', 'input.ttlHours > 48'],
  ])('reads what it asks for, by its own schema: %s, %s', (header, when) => {
    expect(mistakesIn(header, when)).toEqual([]);
  });

  test.each([
    [
      'blueprint: worker',
      'input.values.concurency > 16',
      '4:22 rule "r", when: input.values has no "concurency". Did you mean "concurrency"?',
    ],
    [
      'blueprint: worker',
      'input.values.concurrency > "16"',
      '4:9 rule "r", when: a number and a text do not go together with ">".',
    ],
    [
      'workflow: reindex-search',
      'input.values.index == "product"',
      '4:31 rule "r", when: "product" is not one of products, categories or suggestions. Did you mean "products"?',
    ],
    [
      'blueprint: [worker, complete]',
      'input.values.concurrency > 16',
      '4:22 rule "r", when: input.values has no "concurrency". (in environment.create of complete)',
    ],
    [
      'blueprint: workr',
      'input.cpu > 2',
      '3:14 rule "r", blueprint: there is no blueprint "workr". Did you mean "worker"?',
    ],
    [
      'on: [environment.create, deploy]\n  blueprint: worker',
      '1 < 2',
      '4:14 rule "r", blueprint: deploy has no blueprint to choose.',
    ],
    [
      'on: read\n  workflow: reindex-search',
      '1 < 2',
      '4:13 rule "r", workflow: what "on" names has no workflow to choose.',
    ],
    [
      'blueprint: worker\n  workflow: reindex-search',
      '1 < 2',
      '4:13 rule "r", workflow: no request is about both: say either blueprint or workflow.',
    ],
    [
      'on: environment.create',
      'input.values.concurrency > 16',
      '4:22 rule "r", when: input.values has no "concurrency". What stands there depends on what is chosen: say "blueprint" or "workflow" in the header of the rule.',
    ],
    [
      'on: environment.create',
      'input.ttl == "8h"',
      '4:15 rule "r", when: input has no "ttl". Did you mean "ttlHours"?',
    ],
  ])('with a mistake is refused where it is wrong: %s, %s', (header, when, expected) => {
    expect(mistakesIn(header, when)).toContain(expected);
  });

  const workers = `- { id: any, on: environment.create, allow: x }
- { id: busy, blueprint: worker, when: "input.values.concurrency > 16 || input.values.keepMessages", deny: y }`;
  const asked = (blueprint: string, values: unknown, ttl = '8h') => ({
    ...facts,
    input: { ...facts.input, blueprint, values, ttl },
  });

  test('speaks of nothing else, and what was left out reads as nothing', () => {
    const policy = policyOf(workers);
    const outcome = (blueprint: string, values: unknown) =>
      evaluate(policy, asked(blueprint, values)).outcome;
    expect(outcome('worker', { concurrency: 17, keepMessages: false })).toBe('deny');
    expect(outcome('worker', { concurrency: 16 })).toBe('allow');
    expect(outcome('worker', { keepMessages: true })).toBe('deny');
    expect(outcome('worker', 'nonsense')).toBe('allow');
    expect(outcome('web-service', { concurrency: 17 })).toBe('allow');
    const why = (given: ReturnType<typeof asked>) => traceRules(policy, given).at(-1)?.why;
    expect(why(asked('shop', {}))).toBe('input.blueprint is shop, not worker');
    expect(why(asked('worker', { concurrency: 20 }))).toBe(
      'input.values.concurrency is 20 and input.values.keepMessages is false',
    );
  });

  test('that reads a span of time sees it in hours, however it was typed', () => {
    const policy = policyOf(`- { id: any, on: environment.create, when: input.ttlHours <= 48, allow: x }`);
    const outcome = (ttl: string) => evaluate(policy, asked('worker', {}, ttl)).outcome;
    expect([outcome('2d'), outcome('2880m'), outcome('2d1m')]).toEqual(['allow', 'allow', 'deny']);
    expect(outcome('nonsense')).toBe('allow');
  });

  test('says which of its values would let it run, each as the schema has it', () => {
    const schema = catalog.blueprints.worker?.inputs;
    const words = (rules: string, values: unknown, ttl = '8h', further = schema) =>
      inputKnobs(
        policyOf(rules),
        asked('worker', values, ttl),
        subjects['environment.create']?.input,
        further,
      ).map((knob) =>
        knob.map((change) => describeWay({ changes: [change], leadsTo: 'allow', requirements: [] }, {})),
      );
    expect(words(workers, { concurrency: 32, keepMessages: true })).toEqual([
      ['17 concurrency instead of 32', '16 concurrency instead of 32', '15 concurrency instead of 32'],
      ['keep messages off instead of on'],
    ]);
    expect(words(workers, { concurrency: 32 })).toHaveLength(1);
    expect(words(workers, 7)).toEqual([]);
    const long = '- { id: a, on: environment.create, when: input.ttlHours <= 48, allow: x }';
    const leftOut = { ...facts, input: {} };
    expect(inputKnobs(policyOf(long), leftOut, subjects['environment.create']?.input)).toEqual([]);
    const nothing = { thing: { effect: 'change' as const, input: {} } };
    expect(
      evaluate(policyOf('- { id: a, allow: x }', '', nothing), { ...facts, action: 'thing' }).outcome,
    ).toBe('allow');
    expect(words(long, {}, '7d')).toEqual([
      [
        'time to live 2d1h instead of 7d',
        'time to live 2d instead of 7d',
        'time to live 1d23h instead of 7d',
      ],
    ]);
    const more = inputSchemaOf({
      type: 'object',
      properties: {
        size: { enum: ['small', 'large'] },
        note: { type: 'string' },
        share: { type: 'number' },
        zones: { type: 'array', items: { enum: ['a', 'b'] } },
        disk: { type: 'object', properties: { gi: { type: 'integer', minimum: 1 } } },
      },
    });
    if (!more.ok) throw new Error('a schema');
    const rigged = {
      ...catalog,
      blueprints: { worker: { ...catalog.blueprints.worker, inputs: more.value } },
    };
    const text = `rules:\n- id: a\n  blueprint: worker\n  allow: x\n  when: >-\n    input.values.size == "small" && input.values.note == "" && input.values.disk.gi < 4
    && input.values.share < 0.5 && size(input.values.zones) == 1`;
    const policy = accepted(readPolicy({ file: 'p', text }, subjects, rigged as typeof catalog));
    const nested = (values: unknown) => evaluate(policy, asked('worker', values)).outcome;
    expect(nested({ size: 'small', disk: { gi: 3 }, zones: ['a'] })).toBe('allow');
    expect(nested({ size: 'small', zones: ['a'] })).toBe('allow');
    expect(nested({ size: 'small', disk: 7, zones: ['a', 'b'] })).toBe('deny');
    const read = checkPolicy({ file: 'p', text }, subjects, rigged as typeof catalog);
    expect(accepted(read).mistakes).toEqual([]);
    const knobs = inputKnobs(
      policy,
      asked('worker', { size: 'large', note: 'n', share: 1, zones: ['a'], disk: { gi: 9 } }),
      subjects['environment.create']?.input,
      more.value,
    );
    expect(knobs.map((knob) => knob.map((one) => one.kind === 'input' && [one.field, one.to]))).toEqual([
      [['values.size', 'small']],
      [
        ['values.share', 0.5],
        ['values.share', 2],
        ['values.share', -1],
      ],
      [
        ['values.disk.gi', 5],
        ['values.disk.gi', 4],
        ['values.disk.gi', 3],
      ],
    ]);
  });

  test('is proven with the values of what it speaks of, and with no others', () => {
    const broken = `invariants:
  - { id: i, says: workers ask, on: environment.create, never: allow, when: 'input.blueprint == "worker"' }
rules:
- { id: any, on: environment.create, allow: x }
- { id: busy, blueprint: worker, when: input.values.concurrency > 16, unless: input.values.keepMessages && input.cpu > 3, deny: y }
- { id: none, on: environment.create, when: 'input.blueprint == ""', deny: z }
- { id: shop, blueprint: complete, when: input.values.repository == "search", deny: z }`;
    const found = mistakesOf(readPolicy({ file: 'p', text: broken }, subjects, catalog));
    expect(found.join()).toContain('when input.blueprint is worker: it runs by itself, because of "any"');
    const dead = `rules:
- { id: any, on: [environment.create, workflow.run], allow: x }
- { id: never, blueprint: worker, when: input.values.concurrency > 32 && input.values.concurrency < 20, deny: y }
- { id: some, workflow: reindex-search, when: 'input.values.index == "products"', deny: y }`;
    const check = accepted(checkPolicy({ file: 'p', text: dead }, subjects, catalog));
    expect(check.mistakes.map(({ message }) => message)).toEqual([
      'rule "never": no request could ever meet it: what it asks for excludes itself.',
    ]);
  });
});

test('what a schema asks for is read by its kind, and what could be anything is not read', () => {
  const made = inputSchemaOf({
    type: 'object',
    properties: {
      count: { enum: [1, 2] },
      counts: { type: 'array', items: { enum: [1, 2] } },
      zones: { type: 'array', items: { enum: ['a', 'b'] } },
      mixed: { enum: ['a', 1] },
      tags: { type: 'array', items: { type: 'string' } },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      any: {},
      a: { type: 'object', properties: { b: { type: 'string' }, c: { type: 'string' } } },
      ratio: { type: 'number', minimum: 0, maximum: 1 },
    },
  });
  if (!made.ok) throw new Error('a schema');
  const worker = { ...catalog.blueprints.worker, inputs: made.value };
  const read = (when: string) =>
    mistakesOf(
      readPolicy(
        { file: 'p', text: `rules: [{ id: a, blueprint: worker, when: ${JSON.stringify(when)}, allow: x }]` },
        subjects,
        { ...catalog, blueprints: { worker } } as typeof catalog,
      ),
    );
  expect(
    read('input.values.count == 1 && size(input.values.counts) == 1 && "a" in input.values.zones'),
  ).toEqual([]);
  expect(
    read('"x" in input.values.tags && input.values.a.b == input.values.a.c && input.values.ratio < 1'),
  ).toEqual([]);
  expect(read('"x" in input.values.zones').join()).toContain('"x" is not one of a or b');
  for (const name of ['mixed', 'labels', 'any'])
    expect(read(`input.values.${name} == "a"`).join()).toContain(`input.values has no "${name}"`);
});
