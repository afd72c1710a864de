/** What the leader looks after for all replicas; who does what else, and why, is in decisions/0016. */
import type { Scheduler } from '../core/ports.ts';
import type { DeskContext } from '../desk/context.ts';
import type { Desk } from '../desk/desk.ts';
import { createLifeDesk } from '../desk/life-desk.ts';
import { startReconciler } from '../reconciler/reconciler.ts';
import type { Watches } from '../slack/watches.ts';
import { carryLapsedClicks, type LapsedClicksOptions } from './lapsed-clicks.ts';
import { lastTrafficBy } from './last-traffic.ts';
import type { LeaderTask } from './leader-work.ts';
import { watchLeavers } from './watch-leavers.ts';

export interface LeaderTaskParts {
  readonly context: DeskContext;
  readonly desk: Pick<Desk, 'lookAfterLeavers'>;
  readonly watches: Pick<Watches, 'carry'>;
  readonly clicks: Pick<LapsedClicksOptions, 'keeper' | 'isReady' | 'resume'>;
  readonly scheduler: Scheduler;
}

/** Each begins one. */
export function leaderTasks(parts: LeaderTaskParts): readonly (() => LeaderTask)[] {
  const { context, desk, watches, clicks, scheduler } = parts;
  const { store, clock, log, outside, catalog } = context;
  return [
    () => watches.carry(),
    () => carryLapsedClicks({ store, clock, scheduler, log, ...clicks }),
    () => watchLeavers({ scheduler, log, lookAfterLeavers: desk.lookAfterLeavers }),
    () =>
      startReconciler({
        ...{ clock, scheduler, log, catalog },
        desk: createLifeDesk(context),
        cluster: (name) => outside.cluster(name),
        lastTraffic: lastTrafficBy(outside.metrics, catalog, clock),
      }),
  ];
}
