import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactLog } from '../../src/core/redact.ts';

// Made up, and written in parts, so that no scanner takes this file for a leak.
const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'c2lnbmF0dXJl'].join('.');
const key = [
  '-----BEGIN RSA PRIVATE KEY-----',
  'MIIEowIBAAKCAQEA',
  'abc/def+ghi==',
  '-----END RSA PRIVATE KEY-----',
];

describe('what is secret by its form does not get through', () => {
  test.each([
    ['Authorization: Bearer abcdef0123456789', 'Authorization: Bearer [redacted]'],
    ['authorization: Basic dXNlcjpwYXNz', 'authorization: Basic [redacted]'],
    [`got ${jwt} from the gateway`, 'got [redacted] from the gateway'],
    [`token ${'ghs'}_sandboxGreenlightInstallation0000000000 used`, 'token [redacted] used'],
    [`slack says ${'xoxb'}-1234567890-abcdef`, 'slack says [redacted]'],
    [`key ${'AKIA'}ABCDEFGHIJKLMNOP denied`, 'key [redacted] denied'],
    [`charge with ${'sk'}_live_abcdefghij0123`, 'charge with [redacted]'],
    ['postgres://app:hunter2@db.acme.example/app', 'postgres://app:[redacted]@db.acme.example/app'],
    ['level=info password=hunter2 user=7', 'level=info password=[redacted] user=7'],
    ['{"api_key":"s3cr3t, with comma","n":1}', '{"api_key":[redacted],"n":1}'],
    ["DB_PASSWORD='hunter two' ok", 'DB_PASSWORD=[redacted] ok'],
    ['X-Auth-Token: 12345', 'X-Auth-Token: [redacted]'],
    ['GET /login?access_token=abc&next=/', 'GET /login?access_token=[redacted]&next=/'],
    ['mail to dana@acme.example failed', 'mail to [e-mail] failed'],
    [`before\n${key.join('\n')}\nafter`, 'before\n[redacted]\nafter'],
    [`${key.slice(0, 2).join('\n')}`, '[redacted]'],
    [`${key.slice(1).join('\n')}\nafter`, '[redacted]\nafter'],
  ])('%s', (text, expected) => {
    expect(redactLog(text)).toBe(expected);
  });
});

test.each([
  'level=info msg="request" route="GET /api/orders" status=200 took=12ms',
  'dial tcp 10.96.0.20:5432: connection refused',
  'panic: cannot start without a database',
  'goroutine 1 [running]:',
  'commit 0123456789abcdef0123456789abcdef01234567',
  'image registry.acme.example/search:0.9.4@sha256 pulled',
  'the secret payments-db was not found',
])('what explains a crash stays: %s', (line) => {
  expect(redactLog(line)).toBe(line);
});

test('once redacted it stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const once = redactLog(text);
      return redactLog(once) === once;
    }),
  );
});

test.each(['a.', 'a@', 'password', 'eyJ', 'token=', '"', '-----BEGIN PRIVATE KEY-----', 'x://'])(
  'a hundred thousand characters of %s do not hang it',
  (part) => {
    const before = performance.now();
    redactLog(part.repeat(100_000 / part.length));
    expect(performance.now() - before).toBeLessThan(1_000);
  },
);
