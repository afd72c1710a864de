/** The stories of the main job, through real Bolt, Octokit and client-node. */
import { afterAll, beforeAll, test } from 'vitest';
import { openStage, type Stage } from '../../src/demo/stage.ts';
import { stories } from '../../src/demo/stories.ts';
import { castOf } from '../../src/demo/story.ts';
import { dataFolder, quietLog } from './support.ts';

let stage: Stage;
beforeAll(async () => {
  // Over HTTP they are played by `npm run demo -- --mode http`.
  stage = await openStage({ mode: 'socket', dataFolder, log: quietLog });
});
afterAll(() => stage.close());

// One world for all of them, in the order in which a newcomer meets them.
test.each(stories)('$title', async (story) => {
  await story.play(castOf(stage, () => {}));
});
