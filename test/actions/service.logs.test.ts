import { expect, test } from 'vitest';
import logs from '../../src/actions/service.logs.ts';
import type { ContainerLog } from '../../src/core/cluster.ts';
import { answerMessage } from '../../src/slack/answers.ts';
import { maxOf } from '../../src/slack/limits.ts';
import { problemOfCall } from '../platforms/kubernetes/world.ts';
import { bentView, serviceWorld } from './service-world.ts';

const asked = { service: 'payments', environment: 'staging' };

/** What the answer looks like when the cluster says this. */
async function shown(...said: Partial<ContainerLog>[]) {
  const { answer, outside } = await serviceWorld();
  const found = said.map((one) => ({
    ...{ pod: 'payments-1', container: 'payments', isPrevious: false, trouble: '', lines: ['hello'], ...one },
  }));
  outside.cluster = bentView(outside.cluster, () => ({ logs: async () => found }));
  const answered = await answer(logs, asked);
  const message = answerMessage(answered, { action: 'service.logs', input: asked }, { kind: 'private' });
  return { answered, message, drawn: JSON.stringify(message.blocks) };
}

test('of a crash it shows the last words before it', async () => {
  const { answer } = await serviceWorld();
  const found = await answer(logs, { service: 'search', environment: 'staging' });
  expect(found).toMatchObject({ mood: 'bad', isPersonal: true });
  expect(found.sentence).toMatch(/^CrashLoopBackOff: the container search exits with code 1\. Tokens, /);
  expect(found.sections[0]?.title).toMatch(/^search in search-\S+, before it crashed$/);
  expect(found.sections[0]?.verbatim).toContain('panic: cannot start without a database');
});

test('it shows as many lines as asked for, of three Pods at most', async () => {
  const { answer } = await serviceWorld();
  const found = await answer(logs, { service: 'payments', environment: 'production', lines: 7 });
  expect(found.sections.map((part) => part.verbatim?.length)).toEqual([7, 7, 7]);
});

test('while one is ill, those that are well are left out', async () => {
  const { answered } = await shown({ pod: 'a', trouble: 'OOMKilled: no' }, { pod: 'b' });
  expect(answered.sections.map((part) => part.title)).toEqual(['payments in a']);
});

test('what is secret does not get through, nor what would move a terminal', async () => {
  const { drawn } = await shown({
    lines: [
      '\u001b[31mpassword=hunter2\u001b[0m',
      '-----BEGIN PRIVATE KEY-----',
      'MIIEowIBAAKCAQEA',
      '-----END PRIVATE KEY-----',
      'for dana@acme.example \u0007',
    ],
  });
  expect(drawn).toContain('password=[redacted]\\n[redacted]\\nfor [e-mail] ');
  for (const secret of ['hunter2', 'MIIE', 'dana@', 'u001b', 'u0007']) expect(drawn).not.toContain(secret);
});

test('its text is never markup', async () => {
  const { message } = await shown({ lines: ['<!channel> *bold* <https://evil.example|here>'] });
  const code = message.blocks.find((block) => block.type === 'rich_text');
  expect(code).toMatchObject({
    elements: [
      {
        type: 'rich_text_preformatted',
        elements: [{ type: 'text', text: '<!channel> *bold* <https://evil.example|here>' }],
      },
    ],
  });
});

test('what is too much is left out at the top, and that is said', async () => {
  const lines = Array.from({ length: 200 }, (_, index) => `line ${index} ${'x'.repeat(100)}`);
  const { message, drawn } = await shown({ lines: [...lines, 'y'.repeat(20_000), 'the last one'] });
  expect(drawn).toContain('the last one');
  expect(drawn).not.toContain('line 0 ');
  expect(drawn).toMatch(/The last 36 of 2\d\d lines; all of them are in the file\./);
  for (const block of message.blocks) {
    if (block.type !== 'rich_text') continue;
    const [part] = block.elements;
    const text = part?.type === 'rich_text_preformatted' ? part.elements[0] : undefined;
    expect(text?.type === 'text' ? text.text.length : Number.NaN).toBeLessThanOrEqual(maxOf('preformatted'));
  }
});

test('it has no button that would show it to a channel', async () => {
  const { drawn } = await shown({});
  expect(drawn).toContain('Refresh');
  expect(drawn).not.toContain('Show to the channel');
});

test('one that has not said anything, and a service without Pods, are told so', async () => {
  expect((await shown({ lines: [], trouble: 'ImagePullBackOff: no' })).drawn).toContain(
    'not said anything yet',
  );
  expect((await shown()).answered).toMatchObject({ mood: 'unknown', sections: [] });
});

test('a service that does not run there is named', async () => {
  const { answer, outside, cluster } = await serviceWorld();
  outside.cluster = bentView(cluster, (view) => ({
    logs: (_namespace, _name, most) => view.logs('nowhere', 'x', most),
  }));
  expect((await problemOfCall(answer(logs, asked))).code).toBe('not_found');
});
