/** What is cut for Slack is still short enough when it goes out. */
import { expect, test } from 'vitest';
import { preformatted } from '../../src/slack/blocks.ts';
import { maxOf } from '../../src/slack/limits.ts';
import { cleanWithin, withoutSecrets } from '../../src/slack/without-secrets.ts';

test.each([
  'the address is a://b:c@host, and so on',
  'it was signed with ?signature=abc, and so on',
  'it said authorization: digest abc',
  'a key: xoxb-1234567890-abcdef',
])('a text is never longer than it may be, wherever it is cut: %s', (text) => {
  for (let max = 20; max <= text.length + 10; max++) {
    const shown = cleanWithin(text, max);
    expect(shown).not.toContain('abc');
    expect(withoutSecrets({ text: shown }).text.length).toBeLessThanOrEqual(max);
  }
});

test.each(['&sig=x', 'a://b:c@', 'bearer abcdefgh ', '?signature=x'])(
  'a text that is left as it is, as it is short, is never too long without its secrets: %s',
  (secret) => {
    const text = secret.repeat(100);
    const max = 3 * text.length;
    expect(cleanWithin(text, max)).toBe(text);
    expect(withoutSecrets({ text }).text.length).toBeLessThanOrEqual(max);
  },
);

test('lines that are counted together are counted without their secrets', () => {
  const blocks = withoutSecrets(preformatted(Array.from({ length: 400 }, () => '&sig=1')));
  const [text = ''] = JSON.stringify(blocks).match(/"text":"&sig[^"]*"/) ?? [];
  expect(text.replaceAll('\\n', ' ').length).toBeLessThanOrEqual(maxOf('preformatted') + '"text":""'.length);
  expect(text).toContain('[redacted]');
});

test('what is shown word for word stays as it is, also when it is long: a link to be opened once is meant to be read', () => {
  const line = `VAULT_ADDR=https://vault.acme.example VAULT_NAMESPACE=platform vault unwrap hvs.${'CAESIJ'.repeat(30)}`;
  expect(JSON.stringify(preformatted([line]))).toContain(line);
});
