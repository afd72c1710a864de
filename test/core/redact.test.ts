import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitRedacted, redactLog } from '../../src/core/redact.ts';

/** Any characters at all; fast-check's own `binary` takes seconds to begin. */
const anyText = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength }).map((units) => String.fromCharCode(...units));

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
    [`password=hunter2 ${'ghp'}_0123456789abcdefghij`, 'password=[redacted] [redacted]'],
    [`There is no --days${'ghp'}_0123456789abcdefghij here`, 'There is no --days[redacted] here'],
    [`a service my${'xoxb'}-1234567890-abcdef`, 'a service my[redacted]'],
    ['X-Auth-Token: 12345', 'X-Auth-Token: [redacted]'],
    ['GET /login?access_token=abc&next=/', 'GET /login?access_token=[redacted]&next=/'],
    ['mail to dana@acme.example failed', 'mail to [e-mail] failed'],
    [`before\n${key.join('\n')}\nafter`, 'before\n[redacted]\nafter'],
    [`vault ${'hvs'}.CAESIJ0123456789abcdefgh ok`, 'vault [redacted] ok'],
    [`${'ya29'}.a0AfH6SMBx0123456789abc from metadata`, '[redacted] from metadata'],
    [`${'glpat'}-0123456789abcdefghij, ${'pypi'}-AgEIcHlwaS5vcmcabcdef`, '[redacted], [redacted]'],
    ['Authorization: token 0123456789abcdef', 'Authorization: token [redacted]'],
    ['Authorization: Digest username="dana", response="6629fae4"', 'Authorization: Digest [redacted]'],
    ['Cookie: theme=dark; session=s3cr3t', 'Cookie: [redacted]'],
    ['msg="{\\"password\\":\\"hunter2\\",\\"n\\":1}"', 'msg="{\\"password\\":[redacted],\\"n\\":1}"'],
    ['Server=db;User=app;Pwd=hunter2;Port=1', 'Server=db;User=app;Pwd=[redacted];Port=1'],
    ['AccountName=a;AccountKey=abc+/def==;Suffix=x', 'AccountName=a;AccountKey=[redacted];Suffix=x'],
    ['GET /blob?sv=1&sig=abc%2Bdef&se=2', 'GET /blob?sv=1&sig=[redacted]&se=2'],
    ['<a href="/blob?sv=1&amp;sig=abc&amp;se=2">', '<a href="/blob?sv=1&amp;sig=[redacted]&amp;se=2">'],
    ['redis://:hunter2@cache:6379/0', 'redis://:[redacted]@cache:6379/0'],
    [
      '{"private_key": "-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n"}',
      '{"private_key": [redacted]}',
    ],
    [
      'aws_secret_access_key = abcdefghijklmnopqrstuvwxyz0123456789ABCD',
      'aws_secret_access_key = [redacted]',
    ],
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
    fc.property(anyText(200), (text) => {
      const once = redactLog(text);
      return redactLog(once) === once;
    }),
  );
});

const letters = (min: number, max: number) =>
  fc
    .array(fc.constantFrom(...'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'), { minLength: min, maxLength: max })
    .map((all) => all.join(''));

test('what is cut is without its secrets before, not only when all of it is there to be known for one', () => {
  const address = 'postgres://admin:SuperSecretPassword@db.acme.example/app';
  for (let max = 1; max <= address.length; max++) expect(fitRedacted(address, max)).not.toMatch(/Su|word/);
  expect(fitRedacted('plain', 10)).toBe('plain');
});

test('of no secret a part is left, whatever stands around it', () => {
  const secret = letters(24, 40);
  const written = fc.constantFrom<(value: string) => string>(
    (value) => `${'xoxb'}-${value}`,
    (value) => `${'ghp'}_${value}`,
    (value) => `Authorization: Bearer ${value}`,
    (value) => `authorization: token ${value}`,
    (value) => `postgres://app:${value}@db/app`,
    (value) => `password=${value}`,
    (value) => `"secret": "${value}"`,
    (value) => `{\\"api_key\\":\\"${value}\\"}`,
    (value) => `'token': '${value}'`,
    (value) => `Set-Cookie: id=${value}; Path=/`,
    (value) => `?X-Amz-Signature=${value}&x=1`,
    (value) => `-----BEGIN EC PRIVATE KEY-----\n${value}\n-----END EC PRIVATE KEY-----`,
  );
  const before = fc.constantFrom('', ' ', '\n', 'level=info ', '\t', 'error: ', 'a, ', '(');
  const after = fc.constantFrom('', ' ', '\n', ' ok', '\tx', ', b', ')');
  fc.assert(
    fc.property(secret, written, before, after, (value, write, left, right) => {
      const shown = redactLog(`${left}${write(value)}${right}`);
      for (let from = 0; from + 6 <= value.length; from++) {
        if (shown.includes(value.slice(from, from + 6))) return false;
      }
      return redactLog(shown) === shown;
    }),
  );
});

test.each([
  'a.',
  'a@',
  'authorization: digest ',
  'cookie: ',
  '\\"token\\":\\"',
  'sig=&',
  ';pwd=',
  'token: key ',
  'password',
  'eyJ',
  'eyJ-',
  'token=',
  '"',
  '-----BEGIN PRIVATE KEY-----',
  'x://',
])('a hundred thousand characters of %s do not hang it', (part) => {
  const before = performance.now();
  redactLog(part.repeat(100_000 / part.length));
  expect(performance.now() - before).toBeLessThan(1_000);
});
