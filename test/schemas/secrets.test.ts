/** No secret is asked for, taken, filled in or kept, whatever it is called and however it is given. */
import { describe, expect, test } from 'vitest';
import { soundsSecret } from '../../src/schemas/secrets.ts';
import { checked, one, paths, read, typed, wrong } from './schema-bench.ts';

test.each([
  'password',
  'rootPassword',
  'ADMIN_PASSWORD',
  'api-key',
  'apiKey',
  'accessKey',
  'githubToken',
  'tokens',
  'clientSecret',
  'credentials',
  'PGPASSWD',
])('%s sounds secret', (name) => {
  expect(soundsSecret(name.replace('PG', 'PG_'))).toBe(true);
});

test.each([
  'existingSecret',
  'secretName',
  'imagePullSecrets',
  'passwordSecretRef',
  'tokenExpirationSeconds',
  'key',
  'keyboard',
  'author',
  'secretsStoreEnabled',
])('%s is only about one', (name) => {
  expect(soundsSecret(name)).toBe(false);
});

describe('a secret', () => {
  const database = read({
    properties: {
      user: { type: 'string' },
      password: { type: 'string', default: 'changeme' },
      existingSecret: { type: 'string' },
    },
  });

  test('is left out with the way to give it', () => {
    expect(paths(database.fields)).toEqual(['user', 'existingSecret']);
    expect(database.leftOut).toEqual([
      'password is never asked for in chat: put it into a Secret with your own rights and name that in existingSecret.',
    ]);
    expect(database.obstacle).toBeUndefined();
  });

  test('is neither read, nor taken, nor filled in', () => {
    expect(typed(database, { user: 'ada', password: 'hunter2' })).toEqual({ user: 'ada' });
    expect(wrong(database, { password: 'hunter2' })).toMatchObject({
      password: expect.stringContaining('is never asked for in chat'),
    });
    expect(checked(database, {})).toEqual({});
  });

  test('is told by its format, its widget or being write-only, whatever its name', () => {
    for (const mark of [{ format: 'password' }, { writeOnly: true }, { 'ui:field': 'Secret' }]) {
      expect(one({ type: 'string', ...mark }).fields).toEqual([]);
    }
  });

  test('is found inside YAML too, and its value is not repeated', () => {
    const schema = read({ properties: { extra: { type: 'array', items: { type: 'object' } } } });
    const values = { extra: [{ name: 'x', apiKey: 'hunter2' }] };
    const outcome = schema.check(values);
    expect(outcome).toMatchObject({
      ok: false,
      problem: { fields: { extra: expect.stringContaining('extra.0.apiKey') } },
    });
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
  });

  test('that is required is the one thing that does not fit', () => {
    const schema = one({ type: 'string', format: 'password' }, { required: ['it'] });
    expect(schema.obstacle).toBe(
      'it is required, and a secret: it is never asked for in chat: put it into a Secret where it is used, with your own rights.',
    );
    expect(wrong(schema, {})).toMatchObject({ it: expect.stringContaining('never asked for') });
  });

  test('is no switch and no number of that name', () => {
    const schema = read({ properties: { token: { type: 'boolean' }, tokens: { type: 'integer' } } });
    expect(paths(schema.fields)).toEqual(['token', 'tokens']);
    expect(checked(schema, { token: true, tokens: 3 })).toEqual({ token: true, tokens: 3 });
  });
});
