/** What goes on without anybody asking: requests are carried on, the leader looks after all, the audit is anchored. */
import { startAudit } from '../background/audit-keeper.ts';
import { leaderTasks } from '../background/leader-tasks.ts';
import { startLeaderWork } from '../background/leader-work.ts';
import { startPlatformNews } from '../background/platform-news.ts';
import { createRunDesk } from '../desk/carry.ts';
import { readContext, requestKey } from '../desk/context.ts';
import { type Runner, startRunner } from '../runner/runner.ts';
import type { OpenDesk } from './open-desk.ts';
import type { Foundation } from './open-foundation.ts';
import type { OpenSlack } from './open-slack.ts';
import type { SlackIn } from './open-slack-in.ts';
import type { SlackOutOptions } from './open-slack-out.ts';
import type { Opening } from './opening.ts';

/** @throws ProblemError when the settings of the audit are wrong. */
export function startWorking(
  { settings, environment, end }: Opening,
  { actions, editNews, store }: Foundation,
  { post }: OpenSlack,
  { desk, context }: OpenDesk,
  { holder, giveWay, slack, watches, clicks: keeper }: SlackOutOptions & SlackIn,
): Runner {
  const { clock, scheduler, log } = environment;
  const report = startPlatformNews(settings.slack.platform, editNews, { context, scheduler, post });
  end.add('work', 'the weekly report', () => report?.stop());
  const audit = startAudit(settings.audit, { ...environment, store, post });
  end.add('parts', 'the audit', () => audit?.stop());
  const runner = startRunner({
    ...{ store, clock, scheduler, log, holder, giveWay, actions, requestKey },
    desk: createRunDesk(context),
    decide: (id) => desk.decide(id),
    reading: (requester) => readContext(context, requester),
  });
  end.add('work', 'the runner', (ms) => runner.stop(ms));
  const leader = startLeaderWork({
    ...{ store, clock, scheduler, log, holder },
    tasks: leaderTasks({
      ...{ context, desk, watches, scheduler },
      clicks: { keeper, isReady: slack.isReady, resume: slack.resume },
    }),
  });
  end.add('work', 'what the leader does', () => leader.stop());
  return runner;
}
