/** What the platform team hears of by itself, in its own channel: bad edits as they happen, and a report every week. */
import { readCron } from '../approvals/recurrence.ts';
import { systemPerson } from '../core/person.ts';
import type { Scheduler } from '../core/ports.ts';
import { type DeskContext, readContext } from '../desk/context.ts';
import { answerMessage } from '../slack/answers.ts';
import type { SlackMessage } from '../slack/blocks.ts';
import { editNotice } from '../slack/platform-notices.ts';
import type { EditNews } from './edit-news.ts';
import { startWeeklyReport, type WeeklyReport } from './weekly-report.ts';

export interface PlatformSettings {
  /** Its id. */
  readonly channel: string;
  /** When the report comes: cron, in the catalog's zone. */
  readonly reportTimes: string;
}

export interface PlatformNewsOptions {
  readonly context: DeskContext;
  readonly scheduler: Scheduler;
  /** @throws ProblemError when it did not go out. */
  post(channel: string, message: SlackMessage): Promise<void>;
}

const reportAction = 'policy.report';
const input = { days: 7 };
const words =
  'Posted once a week. Over another span: `/policy report --days 30`; what one rule is about: `/policy`.';

/** Nothing without a channel. */
export function startPlatformNews(
  settings: PlatformSettings | undefined,
  editNews: EditNews,
  { context, scheduler, post }: PlatformNewsOptions,
): WeeklyReport | undefined {
  if (!settings) return undefined;
  const { store, clock, log } = context;
  editNews.begin({ store, post: (news) => post(settings.channel, editNotice(news)) });
  return startWeeklyReport({
    ...{ store, clock, scheduler, log },
    next(after) {
      const read = readCron(settings.reportTimes, '1h', context.catalog().zone);
      return read.ok ? read.recurrence.nextStart(after) : undefined;
    },
    async post() {
      const action = context.actions.get(reportAction);
      if (action?.effect !== 'read') return;
      const answer = await action.answer(input as never, readContext(context, systemPerson));
      const message = answerMessage(answer, { action: reportAction, input }, { kind: 'posted', words });
      await post(settings.channel, message);
      log.info({ channel: settings.channel }, 'the weekly report was posted');
    },
  });
}
