import { expect, test } from 'vitest';
import type { Answer } from '../../src/core/action.ts';
import type { MentionedService } from '../../src/core/mentioned-service.ts';
import { messageText } from '../../src/slack/message-text.ts';
import { world } from './world.ts';

const answer: Answer = { title: 'payments', sentence: 'It is well.', sections: [], links: [], next: [] };

async function opened(mentioned: readonly MentionedService[], by = 'U0SAM') {
  const stage = await world({ answer, mentioned });
  const person = stage.sandbox.as(by);
  await stage.sandbox.as('U0DANA').say('#general', 'payments is slow <!channel>');
  const alert = await person.sees('payments is slow', { in: '#general' });
  await person.shortcut('Open service status', alert);
  return { ...stage, person };
}

test('an alert about one service opens its status, to whoever asked alone', async () => {
  const { person, desk, sandbox } = await opened([{ service: 'payments', environment: 'production' }]);
  await person.sees('It is well.', { in: '#general', ephemeral: true });
  expect(desk.asked).toMatchObject([
    {
      action: 'service.status',
      input: { service: 'payments', environment: 'production' },
      requester: { id: 'U0SAM' },
    },
  ]);
  await sandbox.as('U0DANA').doesNotSee('It is well.');
});

test('about several, it asks which one', async () => {
  const { person, desk } = await opened([
    { service: 'payments' },
    { service: 'search', environment: 'staging' },
  ]);
  const choice = await person.sees('Which one do you mean?', { ephemeral: true });
  await person.click('search in staging', { in: choice });
  await person.sees('It is well.', { ephemeral: true });
  expect(desk.asked).toMatchObject([{ input: { service: 'search', environment: 'staging' } }]);
});

test('about none that is known, it lets one be searched for', async () => {
  const { person } = await opened([]);
  await person.seesModal('Status of a service');
});

test('a guest is told why not', async () => {
  const { sandbox } = await world({ answer, mentioned: [{ service: 'payments' }] });
  const gil = sandbox.as('U0GIL');
  await sandbox.as('U0DANA').say('#platform-requests', 'payments is slow');
  await gil.shortcut('Open service status', await gil.sees('payments is slow'));
  await gil.sees('Guests of this workspace cannot use Greenlight', { ephemeral: true });
});

test('all that a message says is read: attachments, fields, blocks, and addresses behind links', () => {
  const text = messageText({
    type: 'message',
    text: 'see <https://x.example/?service=payments&amp;a=1|here>',
    attachments: [
      { color: 'danger', title: 'Firing', fields: [{ title: 'Namespace', value: 'payments-staging' }] },
    ],
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*env:* production' } }],
  });
  for (const part of [
    'service=payments&a=1 here',
    'Firing',
    'Namespace: payments-staging',
    '*env:* production',
  ]) {
    expect(text).toContain(part);
  }
  expect(text).not.toContain('danger');
});

test('a message made to be endless is read to its bound', () => {
  let deep: unknown = 'service="payments"';
  for (let depth = 0; depth < 1_000; depth++) deep = [deep, 'x'.repeat(100)];
  expect(messageText({ blocks: [deep], text: 'y'.repeat(100_000) }).length).toBeLessThan(21_000);
});
