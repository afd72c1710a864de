/** What is cut for Slack is still short enough when it goes out. */
import { expect, test } from 'vitest';
import { problem } from '../../src/core/problem.ts';
import { escapeMrkdwn, inline, link, linked, preformatted, section } from '../../src/slack/blocks.ts';
import { cardSentence } from '../../src/slack/cards/sentence.ts';
import { maxOf } from '../../src/slack/limits.ts';
import { cleanWithin, withoutSecrets } from '../../src/slack/without-secrets.ts';
import { sample } from './samples.ts';
import { cards } from './surfaces.ts';

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

test.each([
  'https://acme.example/db.bak?sv=2022-11-02&sr=b&sig=Hunter2%3D',
  'https://acme.example/db.bak?X-Amz-Expires=60&X-Amz-Signature=hunter2',
  '{"authorization"=>"token hunter2"}',
  'authorization: token abc<def&hunter2',
])('what is a secret by its form is one where it is escaped as well: %s', (text) => {
  for (const shown of [inline(text), linked(text), escapeMrkdwn(text)]) {
    const sent = JSON.stringify(withoutSecrets(section(shown)));
    expect(sent).not.toMatch(/hunter2/i);
    expect(sent).toContain('[redacted]');
  }
});

test('a password inside an address is taken out wherever the text is cut: what tells it from other words stands behind it', () => {
  const text = 'no answer from postgres://app:hunter2@db.acme.example/payments, so it was given up';
  for (let max = 20; max <= text.length; max++) {
    for (const shown of [inline(text, max), linked(text, max)]) {
      expect(JSON.stringify(withoutSecrets(section(shown)))).not.toContain('hunt');
      expect(shown.length).toBeLessThanOrEqual(max);
    }
  }
  for (let before = 240; before < 300; before++) {
    const sentence = `${'a'.repeat(before)} ${text}`;
    const request = { ...sample('failed'), problem: problem('internal', sentence, 'Look.') };
    expect(JSON.stringify(withoutSecrets({ text: cardSentence(request, cards) }))).not.toContain('hunt');
  }
});

test('of a signed address the label of its link stays', () => {
  const url = 'https://ci.example/x?a=1&sig=abcdef';
  expect(withoutSecrets(section(link('CI log of the run', url)))).toMatchObject({
    text: { text: '<https://ci.example/x?a=1&amp;sig=[redacted]|CI log of the run>' },
  });
});

test('what is read aloud of a picture holds no secret either, as no text around it does', () => {
  const secret = 'xoxb-1234567890-abcdef';
  const title = { type: 'plain_text', text: `by ${secret}` };
  const blocks = [{ type: 'image', slack_file: { id: 'F0CHART' }, alt_text: `load of ${secret}`, title }];
  expect(withoutSecrets({ blocks }).blocks).toMatchObject([
    { alt_text: 'load of [redacted]', title: { text: 'by [redacted]' } },
  ]);
});
