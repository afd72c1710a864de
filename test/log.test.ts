/** Nothing secret comes out of the log, wherever it was put in. */
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProblemError, problem } from '../src/core/problem.ts';
import { redactSecrets } from '../src/core/redact.ts';
import { createLog, steadyDestination } from '../src/log.ts';
import { redactFields } from '../src/redact-fields.ts';
import { Secret } from '../src/settings/secret.ts';

// Put together here, so that no scanner takes them for real ones.
const secrets = {
  'a bot token': ['xoxb', '17653672481', '19874698323', 'pdFZKVeTuE8sk7oOHcBrzygy'].join('-'),
  'a rotated token': ['xoxe.xoxb', '1', 'MS0yLTE3NjUzNjcyNDgx'].join('-'),
  'an app token': ['xapp', '1', 'A0123', '456', 'abcdef0123456789'].join('-'),
  'a GitHub token': ['ghp', 'abcdefghijklmnopqrstuvwxyz0123456789'].join('_'),
  'an installation token': ['ghs', 'abcdefghijklmnopqrstuvwxyz0123456789'].join('_'),
  'a fine-grained token': ['github', 'pat', '11ABCDEFG0123456789abcdef'].join('_'),
  'a JSON web token': ['eyJhbGciOiJSUzI1NiJ9', 'eyJpc3MiOiIxMjM0NSJ9', 'c2lnbmF0dXJlLXRleHQ'].join('.'),
  'a response url': 'https://hooks.slack.com/commands/T0123ABCD/123456/abcdefXYZ',
  'a trigger id': '13345224609.738474920.8088930838d88f008e0',
  'a private key': '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----',
};
/** What is left of a secret would still be one. */
const hearts = {
  'a private key': 'MIIEow',
  'a response url': 'abcdefXYZ',
} as Readonly<Record<string, string>>;

describe('the log', () => {
  test.skipIf(!existsSync('/dev/full'))('stops nothing when its disk is full', () => {
    const log = createLog({ level: 'info', form: 'json', to: steadyDestination('/dev/full') });
    for (let line = 0; line < 3; line++) log.error({ line }, 'it did not work');
  });

  test.each(Object.entries(secrets))('%s never comes out, in any nesting', (name, secret) => {
    const heart = hearts[name] ?? secret;
    const cause = new Error(`refused: ${secret}`, { cause: { deep: [secret] } });
    const shapes: Record<string, unknown>[] = [
      { secret },
      { text: `before ${secret} after` },
      { list: [[{ one: { two: [secret] } }]] },
      { [`key ${secret}`]: 1 },
      { cause },
      { problem: problem('internal', 'It broke.', 'Wait.', { detail: `call failed: ${secret}` }) },
      { error: new ProblemError(problem('internal', secret, 'Wait.'), { cause }) },
      { map: new Map([[secret, new Set([secret])]]) },
      { json: JSON.stringify({ body: JSON.stringify({ secret }) }) },
    ];
    for (const form of ['json', 'lines'] as const) {
      const written = linesOf(form, (log) => {
        for (const shape of shapes) log.error(shape, `failed with ${secret}`);
      });
      expect(written).not.toContain(heart);
      expect(written.split('\n').length - 1).toBe(shapes.length);
    }
  });

  test('what goes under a secret name does not come out, whatever it looks like', () => {
    const names = [
      'token',
      'bot_token',
      'accessToken',
      'SIGNING_SECRET',
      'Authorization',
      'x-slack-signature',
      'response_url',
      'triggerId',
      'password',
      'set-cookie',
    ];
    const written = linesOf('json', (log) => {
      for (const name of names) log.info({ payload: { headers: [{ [name]: 'hunter2' }] } }, 'came in');
    });
    expect(written).not.toContain('hunter2');
  });

  test('what is no secret comes out whole', () => {
    const fields = { request: 'REQ-12', ts: '1763700000.000100', sha: 'a'.repeat(40), count: 2, none: null };
    const written = linesOf('json', (log) => log.info(fields, 'shown'));
    expect(JSON.parse(written)).toMatchObject({ ...fields, level: 'info', msg: 'shown' });
    expect(JSON.parse(written).time).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test('passwords inside addresses and credentials after Bearer are taken out', () => {
    expect(redactSecrets('postgres://greenlight:hunter2@db/green')).toBe(
      'postgres://greenlight:[redacted]@db/green',
    );
    expect(redactSecrets('authorization: Bearer abcdefgh.ijkl')).toBe('authorization: Bearer [redacted]');
  });

  test('a cycle, a getter that throws, bytes and a wrapped secret do not break a line', () => {
    const cycle: Record<string, unknown> = { name: 'cycle' };
    cycle.self = cycle;
    const trap = {
      get value(): string {
        throw new Error('no');
      },
    };
    expect(
      redactFields({ cycle, trap, bytes: Buffer.from('abc'), config: new Secret('hunter2'), big: 1n }),
    ).toEqual({
      cycle: { name: 'cycle', self: '[circular]' },
      trap: { value: '[unreadable]' },
      bytes: '[bytes]',
      config: '[secret]',
      big: '1',
    });
  });

  test('whatever is logged, a line comes out, and no token with it', () => {
    const token = secrets['a bot token'];
    const logged = fc.anything({ values: [fc.string(), fc.constant(`x ${token} y`), fc.integer()] });
    fc.assert(
      fc.property(logged, (value) => {
        const written = linesOf('json', (log) => log.warn({ value }, 'odd'));
        expect(written).not.toContain(token);
        expect(JSON.parse(written)).toMatchObject({ msg: 'odd' });
      }),
      { numRuns: 200, seed: 2026 },
    );
  });

  test('a person at a terminal gets short lines, and nobody else decides what their terminal does', () => {
    const written = linesOf('lines', (log) => {
      log.info({}, 'started');
      log.warn({ request: 'REQ-12', said: 'two words' }, 'a message\u001b[2J did not\ngo out');
    });
    expect(written.replaceAll(/\d\d:\d\d:\d\d/g, '09:00:00')).toBe(
      '09:00:00 started\n' +
        '09:00:00 warning: a message·[2J did not·go out  request=REQ-12 said="two words"\n',
    );
  });

  test('lines below the level are not written', () => {
    let written = '';
    const log = createLog({ level: 'warn', form: 'json', to: { write: (line) => (written += line) } });
    log.info({}, 'quiet');
    expect(written).toBe('');
  });
});

function linesOf(form: 'json' | 'lines', use: (log: ReturnType<typeof createLog>) => void): string {
  let written = '';
  use(
    createLog({
      level: 'info',
      form,
      to: {
        write: (line) => {
          written += line;
        },
      },
    }),
  );
  return written;
}
