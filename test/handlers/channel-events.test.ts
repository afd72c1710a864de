import { expect, test } from 'vitest';
import { world } from './world.ts';

test('once Slack says that a channel is shared, nothing of ours is posted there any more', async () => {
  const { sandbox } = await world();
  const dana = sandbox.as('U0DANA');
  await dana.command('#general', '/env create before');
  await dana.sees('Create environment before', { in: '#platform-requests' });
  await sandbox.change({ do: 'share', channel: '#platform-requests' });
  await dana.command('#general', '/env create after');
  await dana.sees('has no card. That channel is shared with another company', { ephemeral: false });
  const channel = (await dana.view()).channels.find(({ name }) => name === 'platform-requests');
  const cards = channel?.messages.filter(
    ({ text, ephemeral }) => !ephemeral && text.includes('create environment'),
  );
  expect(JSON.stringify(cards)).not.toContain('environment after');
});
