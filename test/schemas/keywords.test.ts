/** What becomes of each keyword: the table in README.md names these tests. */
import { describe, expect, test } from 'vitest';
import { checked, fieldAt, kindOf, one, paths, read, typed, wrong } from './schema-bench.ts';

describe('words and order', () => {
  test('labels and hints are the schema’s own words, and readable ones where it has none', () => {
    const schema = read({
      properties: {
        storageClassName: { type: 'string', description: 'Where\n it lives.' },
        it: { type: 'string', title: 'The thing' },
        tls: { type: 'object', properties: { secretName: { type: 'string' } } },
      },
    });
    expect(fieldAt(schema, 'storageClassName')).toMatchObject({
      title: 'Storage class name',
      description: 'Where it lives.',
    });
    expect(fieldAt(schema, 'it').title).toBe('The thing');
    expect(fieldAt(schema, 'tls.secretName').title).toBe('Tls: secret name');
    const size = { type: 'object', properties: { size: { type: 'string', title: 'Size' } } };
    const twice = read({ properties: { disk: size, cache: size } });
    expect(twice.fields.map(({ title }) => title)).toEqual(['Disk: Size', 'Cache: Size']);
  });

  test('people are asked in the author’s order, by list or by number', () => {
    const properties = { a: { type: 'string' }, b: { type: 'string' }, c: { type: 'string' } };
    for (const keyword of ['order', 'ui:order', 'x-order']) {
      expect(paths(read({ properties, [keyword]: ['c', 'a', '*'] }).fields)).toEqual(['c', 'a', 'b']);
    }
    const numbered = Object.fromEntries(
      Object.entries(properties).map(([name, one], index) => [name, { ...one, 'x-order': 3 - index }]),
    );
    expect(paths(read({ properties: numbered }).fields)).toEqual(['c', 'b', 'a']);
    expect(paths(read({ properties }).fields)).toEqual(['a', 'b', 'c']);
  });

  test('a widget says how long a text is', () => {
    expect(kindOf({ type: 'string', 'ui:widget': 'textarea' })).toEqual({ type: 'text', isLong: true });
  });

  test('what only the server sets is not asked for, and what cannot change later says so', () => {
    const schema = read({
      properties: {
        phase: { type: 'string', readOnly: true },
        it: { type: 'string', description: 'Name.', immutable: true },
        rule: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] },
      },
    });
    expect(paths(schema.fields)).toEqual(['it', 'rule']);
    expect(fieldAt(schema, 'it').description).toBe('Name. It cannot be changed later.');
    expect(fieldAt(schema, 'rule').description).toBe('It cannot be changed later.');
  });
});

describe('values', () => {
  test('each type has its control, and null only means that it may be left out', () => {
    expect(kindOf({ type: 'string' }).type).toBe('text');
    expect(kindOf({ type: 'boolean' }).type).toBe('boolean');
    expect(kindOf({ type: 'integer' })).toMatchObject({ type: 'number', isInteger: true });
    expect(kindOf({ type: ['number', 'null'] })).toMatchObject({ type: 'number', isInteger: false });
    expect(kindOf({ type: 'integer', nullable: true }).type).toBe('number');
    expect(kindOf({})).toMatchObject({ type: 'yaml', why: 'its schema names no type' });
    expect(wrong(one({ type: 'integer' }), { it: 'x' })).toEqual({ it: 'must be a whole number' });
  });

  test('defaults are shown, and filled in as they are shown', () => {
    const schema = one({ type: 'integer', default: 3 });
    expect(fieldAt(schema, 'it')).toMatchObject({ defaultValue: 3, defaultAnswer: '3' });
    expect(checked(schema, {})).toEqual({ it: 3 });
    expect(checked(schema, { it: 5 })).toEqual({ it: 5 });
  });

  test('an optional part that needs answers is not there by its defaults alone', () => {
    const part = {
      type: 'object',
      required: ['host'],
      properties: { host: { type: 'string' }, port: { type: 'integer', default: 443 } },
    };
    expect(checked(one(part), {})).toEqual({});
    expect(checked(one(part), { it: { host: 'h' } })).toEqual({ it: { host: 'h', port: 443 } });
    expect(wrong(one(part, { required: ['it'] }), {})).toEqual({ 'it.host': 'is needed' });
  });

  test('what is required is asked for as such, and missed by name', () => {
    const schema = one({ type: 'string' }, { required: ['it'] });
    expect(fieldAt(schema, 'it').isRequired).toBe(true);
    expect(schema.check({})).toMatchObject({
      problem: { sentence: 'It is needed.', fields: { it: 'is needed' } },
    });
  });

  test('fixed values are choices, whatever their type', () => {
    expect(kindOf({ enum: ['a', 'b', null] })).toEqual({ type: 'enum', values: ['a', 'b'] });
    expect(kindOf({ const: 'only' })).toEqual({ type: 'enum', values: ['only'] });
    expect(kindOf({ enum: [true, false] })).toEqual({ type: 'boolean' });
    expect(kindOf({ enum: [{ a: 1 }] })).toMatchObject({ type: 'yaml' });
    expect(typed(one({ enum: [8, 16] }), { it: '16' })).toEqual({ it: 16 });
    expect(wrong(one({ enum: ['small', 'large'] }), { it: 'smal' })).toEqual({
      it: 'must be small or large (did you mean "small"?)',
    });
  });

  test('bounds of numbers hold in the form and in the check, exclusive ones too', () => {
    expect(kindOf({ type: 'integer', minimum: 1, exclusiveMaximum: 10 })).toEqual({
      type: 'number',
      isInteger: true,
      min: 1,
      max: 9,
    });
    // draft-04
    expect(kindOf({ type: 'integer', minimum: 1, exclusiveMinimum: true })).toMatchObject({ min: 2 });
    expect(kindOf({ type: 'number', multipleOf: 5 })).toMatchObject({ isInteger: true });
    const schema = one({ type: 'number', exclusiveMinimum: 0, maximum: 1, multipleOf: 0.25 });
    expect(wrong(schema, { it: 0 })).toEqual({ it: 'must be more than 0' });
    expect(wrong(schema, { it: 2 })).toEqual({ it: 'must be 1 or less' });
    expect(wrong(schema, { it: 0.3 })).toEqual({ it: 'must be a multiple of 0.25' });
  });

  test('lengths, patterns and formats of texts are checked in words', () => {
    expect(kindOf({ type: 'string', minLength: 2, maxLength: 63 })).toEqual({
      type: 'text',
      minLength: 2,
      maxLength: 63,
    });
    const schema = one({ type: 'string', minLength: 2, pattern: '^[a-z]+$' });
    expect(wrong(schema, { it: 'A' })).toEqual({ it: 'needs 2 characters at least; must match ^[a-z]+$' });
    expect(wrong(one({ type: 'string', format: 'email' }), { it: 'x' })).toEqual({
      it: 'must be an e-mail address',
    });
    expect(wrong(one({ type: 'string', format: 'of-our-own' }), { it: 'x' })).toEqual({});
  });
});

describe('lists and maps', () => {
  test('a list is one value a line, of the type that its items have', () => {
    expect(kindOf({ type: 'array', items: { type: 'string' } })).toEqual({ type: 'list' });
    expect(typed(one({ type: 'array', items: { type: 'integer' } }), { it: '1\n2' })).toEqual({ it: [1, 2] });
    expect(typed(one({ type: 'array', items: { type: 'string' } }), { it: 'a, b' })).toEqual({
      it: ['a', 'b'],
    });
    const schema = one({ type: 'array', items: { type: 'string' }, minItems: 2, uniqueItems: true });
    expect(wrong(schema, { it: ['a'] })).toEqual({ it: 'needs 2 items at least' });
    expect(wrong(schema, { it: ['a', 'a'] })).toEqual({ it: 'holds the same item twice' });
  });

  test('a list of fixed values is a choice of several', () => {
    expect(kindOf({ type: 'array', items: { enum: ['a', 'b'] } })).toEqual({
      type: 'enum',
      values: ['a', 'b'],
      isMultiple: true,
    });
    expect(typed(one({ type: 'array', items: { enum: ['a', 'b'] } }), { it: ['b'] })).toEqual({ it: ['b'] });
  });

  test('a list of more than plain values is YAML, and says so', () => {
    const rows = { type: 'array', items: { type: 'object', properties: { a: { type: 'integer' } } } };
    expect(kindOf(rows)).toEqual({ type: 'yaml', why: 'it is a list of more than plain values' });
    expect(kindOf({ type: 'array', items: [{ type: 'string' }], additionalItems: false })).toMatchObject({
      why: 'each of its items has a meaning of its own',
    });
    expect(kindOf({ type: 'array', prefixItems: [{ type: 'string' }] })).toMatchObject({ type: 'yaml' });
    expect(typed(one(rows), { it: '- a: 1' })).toEqual({ it: [{ a: 1 }] });
    expect(wrong(one(rows), { it: [{ a: 'x' }] })).toEqual({ it: 'it.0.a must be a whole number' });
    expect(typed(one(rows), { it: '- [' })).toMatchObject({
      it: expect.stringMatching(/^is no YAML, line 1: /),
    });
    expect(wrong(one({ type: 'array', contains: { const: 1 } }), { it: [2] })).toMatchObject({
      it: expect.stringContaining('lacks an item'),
    });
  });

  test('a map is one key: value a line', () => {
    const labels = { type: 'object', additionalProperties: { type: 'string' } };
    expect(kindOf(labels)).toEqual({ type: 'map' });
    expect(typed(one(labels), { it: 'app.kubernetes.io/name: web\nport: 80' })).toEqual({
      it: { 'app.kubernetes.io/name': 'web', port: '80' },
    });
    expect(typed(one(labels), { it: 'nonsense' })).toMatchObject({
      it: expect.stringContaining('this is none'),
    });
    const patterned = {
      type: 'object',
      patternProperties: { '^x-': { type: 'integer' } },
      additionalProperties: false,
    };
    expect(kindOf(patterned)).toEqual({ type: 'map' });
    expect(wrong(one(patterned), { it: { y: 1 } })).toEqual({ it: 'it.y is not known here' });
    expect(wrong(one({ ...labels, propertyNames: { maxLength: 2 } }), { it: { abc: 'x' } })).toMatchObject({
      it: expect.stringContaining('cannot have the key "abc"'),
    });
    expect(wrong(one({ ...labels, minProperties: 2, maxProperties: 3 }), { it: { a: 'x' } })).toEqual({
      it: 'needs 2 keys at least',
    });
  });

  test('nested properties are fields by their path, three deep, and YAML below', () => {
    const nested = (depth: number): unknown =>
      depth === 0 ? { type: 'string' } : { type: 'object', properties: { in: nested(depth - 1) } };
    expect(paths(one(nested(2)).fields)).toEqual(['it.in.in']);
    const deep = one(nested(4));
    expect(fieldAt(deep, 'it.in.in').kind).toEqual({
      type: 'yaml',
      why: 'it is nested deeper than a form goes',
    });
    expect(typed(one(nested(2)), { 'it.in.in': 'x' })).toEqual({ it: { in: { in: 'x' } } });
  });

  test('an unknown key is refused where the schema is closed, with the nearest that there is', () => {
    const closed = one({ type: 'string' }, { additionalProperties: false });
    expect(Object.values(wrong(closed, { its: 'x' }))[0]).toMatch(
      /is not known here \(did you mean "it"\?\)/,
    );
    const all = read({ allOf: [{ properties: { a: { type: 'string' } } }], unevaluatedProperties: false });
    expect(Object.values(wrong(all, { b: 1 }))[0]).toMatch(/is not known here/);
  });
});

describe('schemas inside schemas', () => {
  test('a reference is followed, and its own words win over those of the definition', () => {
    const definitions = { size: { type: 'string', title: 'Size', pattern: '^[0-9]+Gi$' } };
    for (const keyword of ['definitions', '$defs']) {
      const schema = one({ $ref: `#/${keyword}/size`, title: 'Disk' }, { [keyword]: definitions });
      expect(fieldAt(schema, 'it')).toMatchObject({ title: 'Disk', kind: { type: 'text' } });
      expect(wrong(schema, { it: 'x' })).toEqual({ it: 'must match ^[0-9]+Gi$' });
    }
  });

  test('what may hold itself is YAML', () => {
    const tree = {
      type: 'object',
      properties: { name: { type: 'string' }, child: { $ref: '#/$defs/tree' } },
    };
    const schema = one({ $ref: '#/$defs/tree' }, { $defs: { tree } });
    expect(paths(schema.fields)).toEqual(['it.name', 'it.child']);
    expect(fieldAt(schema, 'it.child').kind).toEqual({ type: 'yaml', why: 'it may hold itself' });
    expect(wrong(schema, { it: { child: { child: { name: 1 } } } })).toEqual({
      'it.child': 'it.child.child.name must be text',
    });
  });

  test('allOf is merged: the narrower bound counts', () => {
    expect(
      kindOf({
        allOf: [
          { type: 'integer', minimum: 2 },
          { minimum: 5, maximum: 9 },
        ],
      }),
    ).toMatchObject({
      min: 5,
      max: 9,
    });
    expect(kindOf({ allOf: [{ enum: ['a', 'b'] }, { enum: ['b', 'c'] }] })).toMatchObject({ values: ['b'] });
  });

  test('anyOf and oneOf of constants are choices with their titles', () => {
    const sizes = [
      { const: 's', title: 'Small' },
      { const: 'l', title: 'Large' },
    ];
    for (const keyword of ['anyOf', 'oneOf']) {
      expect(kindOf({ [keyword]: sizes })).toEqual({
        type: 'enum',
        values: ['s', 'l'],
        labels: ['Small', 'Large'],
      });
    }
  });

  test('anyOf of plain values is text that is read as what it is written like', () => {
    for (const union of [
      { anyOf: [{ type: 'integer' }, { type: 'string' }] },
      { type: ['integer', 'string'] },
      { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
    ]) {
      expect(kindOf(union)).toEqual({ type: 'text' });
      expect(typed(one(union), { it: '80' })).toEqual({ it: 80 });
      expect(typed(one(union), { it: '50%' })).toEqual({ it: '50%' });
      expect(typed(one(union), { it: '1.10' })).toEqual({ it: '1.10' });
    }
    expect(kindOf({ oneOf: [{ type: 'string' }, { type: 'null' }] })).toEqual({ type: 'text' });
    const oneOrMany = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };
    expect(kindOf(oneOrMany)).toEqual({ type: 'list' });
  });

  test('shapes that one property tells apart are that choice, and the fields that go with it', () => {
    const schema = one({
      type: 'object',
      oneOf: [
        { properties: { type: { const: 's3' }, bucket: { type: 'string' } }, required: ['type', 'bucket'] },
        { properties: { type: { const: 'disk' }, path: { type: 'string' } }, required: ['type', 'path'] },
      ],
    });
    expect(fieldAt(schema, 'it.type')).toMatchObject({ kind: { values: ['s3', 'disk'] }, decides: true });
    expect(paths(schema.shown({ it: { type: 'disk' } }))).toEqual(['it.type', 'it.path']);
    expect(paths(schema.shown({ it: { type: 's3' } }))).toEqual(['it.type', 'it.bucket']);
    expect(typed(schema, { 'it.type': 'disk', 'it.bucket': 'gone', 'it.path': '/x' })).toEqual({
      it: { type: 'disk', path: '/x' },
    });
  });

  test('shapes that nothing tells apart are YAML, and a value that fits none is refused', () => {
    const either = {
      anyOf: [
        { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
        { type: 'array', items: { type: 'object' } },
      ],
    };
    expect(kindOf(either)).toEqual({ type: 'yaml', why: 'it has one of 2 shapes' });
    expect(wrong(one(either), { it: { b: 1 } })).toEqual({ it: 'fits none of the shapes that it may have' });
    expect(wrong(one({ type: 'string', not: { const: 'x' } }), { it: 'x' })).toEqual({
      it: 'has a value that is not allowed',
    });
  });

  test('a field behind if, then and else is there when its condition holds', () => {
    const schema = read({
      properties: { tls: { type: 'boolean', default: false } },
      if: { properties: { tls: { const: true } }, required: ['tls'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { host: { type: 'string' } }, required: ['host'] },
      else: { properties: { port: { type: 'integer', default: 80 } } },
    });
    expect(paths(schema.fields)).toEqual(['tls', 'host', 'port']);
    expect(fieldAt(schema, 'tls').decides).toBe(true);
    expect(paths(schema.shown({}))).toEqual(['tls', 'port']);
    expect(paths(schema.shown({ tls: true }))).toEqual(['tls', 'host']);
    expect(checked(schema, {})).toEqual({ tls: false, port: 80 });
    expect(wrong(schema, { tls: true })).toEqual({ host: 'is needed' });
    expect(typed(schema, { tls: true, host: 'h', port: '81' })).toEqual({ tls: true, host: 'h' });
  });

  test('what depends on another field is needed once that is given', () => {
    const properties = { user: { type: 'string' }, home: { type: 'string' } };
    for (const keyword of ['dependentRequired', 'dependencies']) {
      const schema = read({ properties, [keyword]: { user: ['home'] } });
      expect(schema.shown({ user: 'x' }).find(({ path }) => path === 'home')?.isRequired).toBe(true);
      expect(wrong(schema, { user: 'x' })).toEqual({ home: 'is needed once user is given' });
      expect(wrong(schema, {})).toEqual({});
    }
    const more = read({
      properties,
      dependentSchemas: { user: { properties: { shell: { type: 'string' } } } },
    });
    expect(paths(more.shown({}))).toEqual(['user', 'home']);
    expect(paths(more.shown({ user: 'x' }))).toEqual(['user', 'home', 'shell']);
  });
});
