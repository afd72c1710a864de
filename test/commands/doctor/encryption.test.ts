/** Whoever sits between the bot and its database reads everything, and may change it. */
import { expect, test } from 'vitest';
import { checkEncryption } from '../../../src/commands/doctor/encryption.ts';
import { Secret } from '../../../src/settings/secret.ts';

const look = (url: string) => checkEncryption({ url: new Secret(url) });

test.each([
  ['postgresql://bot:hunter2@db.example.com:5432/greenlight', '`?sslmode=verify-full` to its end'],
  ['postgresql://bot:hunter2@10.0.0.7/greenlight?connect_timeout=5', '`&sslmode=verify-full` to its end'],
  [
    'postgresql://bot@db.example.com/x?sslmode=disable&password=hunter2',
    '`sslmode=verify-full` for its sslmode',
  ],
  ['postgresql://bot:hunter2@/x?host=127.0.0.1.example.com', '`&sslmode=verify-full` to its end'],
])(
  'over the network without encryption is told, with what to write, and without the password: %s',
  (url, next) => {
    const [found, ...more] = look(url);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ check: 'encryption', state: 'warn', next: expect.stringContaining(next) });
    expect(found?.sentence).toMatch(/not encrypted/);
    expect(JSON.stringify(found)).not.toContain('hunter');
  },
);

test.each(['require', 'verify-ca', 'verify-full'])('with sslmode=%s all is well', (mode) => {
  expect(look(`postgresql://bot@db.example.com/x?sslmode=${mode}`)).toMatchObject([{ state: 'ok' }]);
});

test.each([
  'postgresql://bot@localhost/x',
  'postgresql://bot@127.0.0.1:5433/x',
  'postgresql://bot@[::1]/x',
  'postgresql:///x?host=/var/run/postgresql',
  'postgresql://%2Fvar%2Frun%2Fpostgresql/x',
])('what stays on this machine needs none: %s', (url) => {
  expect(look(url)).toMatchObject([{ state: 'ok' }]);
});

test('a file has no way to be read on, and of an address that is none the database itself says so', () => {
  expect(checkEncryption({ file: 'data/greenlight.db' })).toEqual([]);
  expect(look('postgresql://bot:hunter2@db.example.com:port/x')).toEqual([]);
});
