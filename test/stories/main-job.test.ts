/** The stories of the main job, through real Bolt, Octokit and client-node, over both ways in which Slack reaches us. */
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openStage, type Stage } from '../../src/demo/stage.ts';
import { stories } from '../../src/demo/stories.ts';
import { castOf } from '../../src/demo/story.ts';
import { dataFolder, quietLog } from './support.ts';

describe.each(['socket', 'http'] as const)('in %s mode', (mode) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ mode, dataFolder, log: quietLog });
  });
  afterAll(() => stage.close());

  // One world for all of them, in the order in which a newcomer meets them.
  test.each(stories)('$title', async (story) => {
    await story.play(castOf(stage, () => {}));
  });
});
