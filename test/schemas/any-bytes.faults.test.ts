/** A schema of any bytes is read or refused with a place, at once: none crashes, none hangs, none runs. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputSchemaOf } from '../../src/schemas/input-schema.ts';
import { readDefinition } from '../../src/schemas/read-definition.ts';
import { readJsonSchema, readValuesSchema } from '../../src/schemas/read-json-schema.ts';
import { readTemplate } from '../../src/schemas/read-template.ts';
import { readWorkflow } from '../../src/schemas/read-workflow.ts';
import { everythingElse } from '../../src/schemas/within-limits.ts';
import { fieldAt, one, paths, read, typed, wrong } from './schema-bench.ts';

const readers = [readJsonSchema, readValuesSchema, readDefinition, readTemplate, readWorkflow];

describe('any bytes', () => {
  test('are a schema, or mistakes with line and column', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.json()),
        fc.constantFrom(...readers),
        (text, reader) => {
          const outcome = reader({ file: 'x.json', text });
          if (outcome.ok) return;
          expect(outcome.mistakes.length).toBeGreaterThan(0);
          for (const { line, column } of outcome.mistakes) expect(Math.min(line, column)).toBeGreaterThan(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  const keyword = fc.constantFrom(
    'type', 'enum', 'const', 'default', 'minimum', 'exclusiveMinimum', 'pattern', 'format', 'items', 'properties',
    'required', 'allOf', 'anyOf', 'oneOf', 'if', 'then', 'else', 'not', '$ref', 'additionalProperties', 'dependencies',
    'patternProperties', 'title', 'nullable', 'readOnly', '$defs',
  ); // biome-ignore format: a list
  const schemas = fc.letrec((tie) => ({
    schema: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constantFrom(
        true,
        false,
        {},
        { type: 'string' },
        { $ref: '#' },
        { $ref: '#/$defs/a' },
        { type: 'object' },
      ),
      fc.dictionary(keyword, tie('value'), { maxKeys: 4 }),
    ),
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constantFrom('string', 'object', 'array', 1, -1, true, null, '^(a+)+$', '['),
      tie('schema'),
      fc.array(tie('schema'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'password', '__proto__', 'constructor', 'a.b'), tie('schema')),
    ),
  })).schema;

  test('written as schemas are read, and then any values are checked and any answers read', () => {
    fc.assert(
      fc.property(schemas, fc.jsonValue({ maxDepth: 3 }), (document, value) => {
        const outcome = inputSchemaOf(document);
        if (!outcome.ok) return;
        const schema = outcome.value;
        const values = { a: value, b: value };
        const checked = schema.check(values);
        // What was checked passes again, as it is.
        if (checked.ok) expect(schema.check(checked.value)).toEqual(checked);
        schema.shown(values);
        schema.written(values);
        schema.read(Object.fromEntries(schema.fields.map(({ path }) => [path, String(value)])));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a schema made to do harm', () => {
  test('cannot hang a pattern', () => {
    const began = performance.now();
    const slow = one({ type: 'string', pattern: '^(([a-z])+.)+[A-Z]([a-z])+$' });
    expect(wrong(slow, { it: 'a'.repeat(3000) })).toMatchObject({
      it: expect.stringContaining('must match'),
    });
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test.each(['(?=x)x', '(a)\\1', `${'x'.repeat(1001)}`, '[', '((a{1000}){1000}){1000}'])(
    'with the pattern %s takes only its default',
    (pattern) => {
      const schema = one({ type: 'string', pattern, default: 'known' });
      expect(fieldAt(schema, 'it').kind).toEqual({
        type: 'yaml',
        why: 'its pattern cannot be checked in bounded time',
      });
      expect(wrong(schema, {})).toEqual({});
      expect(wrong(schema, { it: 'x' })).toMatchObject({ it: expect.stringContaining('must be known') });
      expect(wrong(one({ type: 'string', pattern }), { it: 'x' })).toEqual({
        it: 'has a value that is not allowed',
      });
    },
  );

  test('that leads in circles is refused, not followed', () => {
    for (const document of [
      { $ref: '#' },
      {
        allOf: [{ $ref: '#/$defs/a' }],
        $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/a' }] } },
      },
    ]) {
      expect(read(document).check({})).toMatchObject({
        ok: false,
        problem: { sentence: expect.stringContaining('circles') },
      });
    }
  });

  test('that doubles with every level ends', () => {
    const began = performance.now();
    const $defs = Object.fromEntries(
      Array.from({ length: 60 }, (_, level) => [
        `l${level}`,
        { anyOf: [{ $ref: `#/$defs/l${level + 1}` }, { $ref: `#/$defs/l${level + 1}` }] },
      ]),
    );
    const schema = read({
      $ref: '#/$defs/l0',
      $defs: { ...$defs, l60: { type: 'object', required: ['x'] } },
    });
    expect(schema.check({}).ok).toBe(false);
    const node = {
      type: 'object',
      properties: {},
      anyOf: [1, 2, 3].map(() => ({ properties: { c: { $ref: '#/$defs/n' } } })),
    };
    const wide = read({ $ref: '#/$defs/n', $defs: { n: node } });
    const deep = Array.from({ length: 60 }).reduce<Record<string, unknown>>((inner) => ({ c: inner }), {});
    wide.check(deep);
    expect(performance.now() - began).toBeLessThan(3000);
  });

  test('cannot reach a prototype, by a property, a key or a definition', () => {
    const proto = JSON.parse('{"properties":{"__proto__":{"type":"string"}}}');
    expect(inputSchemaOf(proto)).toMatchObject({
      ok: false,
      mistakes: [{ path: ['properties', '__proto__'] }],
    });
    const map = one({ type: 'object', additionalProperties: { type: 'string' } });
    expect(typed(map, { it: '__proto__: x' })).toMatchObject({ it: expect.stringContaining('__proto__') });
    const free = read({ additionalProperties: true });
    expect(typed(free, { [everythingElse]: '__proto__: {a: 1}' })).toMatchObject({
      [everythingElse]: expect.stringContaining('__proto__'),
    });
    expect(paths(read({ properties: { constructor: { type: 'string' } } }).fields)).toEqual(['constructor']);
    expect(inputSchemaOf({ $ref: '#/constructor' })).toMatchObject({ ok: false });
  });

  test('cannot name another document, and says where it tried', () => {
    const text = '{\n  "properties": {\n    "it": { "$ref": "https://evil.example/schema.json" }\n  }\n}';
    expect(readJsonSchema({ file: 'x.json', text })).toEqual({
      ok: false,
      mistakes: [
        {
          file: 'x.json',
          line: 3,
          column: 21,
          message: 'properties.it.$ref: "https://evil.example/schema.json" leads nowhere in this document.',
        },
      ],
    });
  });

  test('is refused when it is too deep or too large', () => {
    const deep = Array.from({ length: 100 }).reduce<object>((inner) => ({ not: inner }), {});
    expect(inputSchemaOf(deep)).toMatchObject({ mistakes: [{ message: 'the schema is too deep.' }] });
    const large = { allOf: Array.from({ length: 40_000 }, () => ({})) };
    expect(inputSchemaOf(large)).toMatchObject({ mistakes: [{ message: 'the schema is too large.' }] });
  });
});

test('a schema of hundreds of fields asks for what matters, and takes the rest as YAML', () => {
  const many = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`f${index}`, { type: 'string' }]),
  );
  const schema = read({ properties: many, required: ['f299'] });
  expect(paths(schema.fields).slice(0, 2)).toEqual(['f299', 'f0']);
  expect(schema.fields).toHaveLength(36);
  expect(schema.fields.at(-1)).toMatchObject({ path: everythingElse, kind: { type: 'yaml' } });
  expect(typed(schema, { f299: 'x', [everythingElse]: 'f250: y' })).toEqual({ f299: 'x', f250: 'y' });
  expect(wrong(schema, { f299: 'x', f250: 7 })).toEqual({ [everythingElse]: 'f250 must be text' });
  expect(typed(schema, { f299: 'x', [everythingElse]: 'f299: z' })).toMatchObject({
    [everythingElse]: expect.stringContaining('has a field of its own'),
  });
  expect(schema.written({ f299: 'x', f250: 'y' })).toEqual({ f299: 'x', [everythingElse]: 'f250: y' });
});
