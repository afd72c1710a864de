/** The stories of the main job, through real Bolt, Octokit and client-node, over both ways in which Slack reaches us. */
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openStage, type Stage } from '../../src/demo/stage.ts';
import { stories } from '../../src/demo/stories.ts';
import { castOf } from '../../src/demo/story.ts';
import { dataFolder, quietLog } from './support.ts';

/** Over HTTP the few that have a command, a form, a click and a choice: `npm run demo -- --mode http` plays all. */
const each = [
  ['socket', stories],
  ['http', stories.slice(0, 4)],
] as const;

describe.each(each)('in %s mode', (mode, played) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ mode, dataFolder, log: quietLog });
  });
  afterAll(() => stage.close());

  // One world for all of them, in the order in which a newcomer meets them.
  test.each(played)('$title', async (story) => {
    await story.play(castOf(stage, () => {}));
  });
});
