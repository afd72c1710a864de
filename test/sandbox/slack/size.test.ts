import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createWorldClock } from '../../../src/sandbox/clock.ts';
import { addMessage } from '../../../src/sandbox/slack/messages.ts';
import { channelView } from '../../../src/sandbox/slack/screen.ts';
import { slackSeedSchema } from '../../../src/sandbox/slack/seed.ts';
import { createWorld, findChannel } from '../../../src/sandbox/slack/world.ts';
import { seed } from './world.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('ten thousand messages take less than 50 MB, and what a person is shown of them stays small', () => {
  const world = createWorld(slackSeedSchema.parse(seed), createWorldClock({ mode: 'still' }));
  const channel = findChannel(world, '#platform-requests');
  if (!channel) throw new Error('The seed has no such channel.');
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < 10_000; index++) {
    const words = `Request ${index} waits for two approvals`;
    addMessage(world, channel, {
      user: 'U0GREENLIGHT',
      botId: 'B0GREENLIGHT',
      text: words,
      blocks: [{ type: 'section', block_id: `b${index}`, text: { type: 'mrkdwn', text: `*${words}*` } }],
    });
  }
  collectGarbage();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
  const view = channelView(world, channel, 'U0DANA');
  expect(view).toMatchObject({ unreadCount: 10_000, hasOlder: true });
  expect(view.messages).toHaveLength(50);
  expect(JSON.stringify(view).length).toBeLessThan(50_000);
});
