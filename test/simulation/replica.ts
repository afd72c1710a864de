/** One life of a replica, wired like wiring/ does: the real desk, runner, messenger and outbox over simulated ports. */

import type { Policy } from '../../src/approvals/policy.ts';
import { quorumAsRecorded } from '../../src/approvals/quorum.ts';
import { leaderTasks } from '../../src/background/leader-tasks.ts';
import { startLeaderWork } from '../../src/background/leader-work.ts';
import { startSpeaking } from '../../src/background/speak.ts';
import { createCodes } from '../../src/codes/create-codes.ts';
import type { Actions } from '../../src/core/action.ts';
import type { Catalog } from '../../src/core/catalog.ts';
import type { RequestId } from '../../src/core/ids.ts';
import type { Outside } from '../../src/core/outside.ts';
import type { Clock, Log } from '../../src/core/ports.ts';
import { createRunDesk } from '../../src/desk/carry.ts';
import { type DeskContext, readContext, requestKey } from '../../src/desk/context.ts';
import { createDesk } from '../../src/desk/create-desk.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { readCommandLine } from '../../src/handlers/read-command-line.ts';
import { startRunner } from '../../src/runner/runner.ts';
import type { CardContext } from '../../src/slack/cards.ts';
import { createChannelGuard } from '../../src/slack/channels.ts';
import { createMessenger } from '../../src/slack/messenger.ts';
import type { Calls, Life } from './calls.ts';
import { drawOf } from './chance.ts';
import type { WholeStore } from './simulated-store.ts';
import { type People, sealingKeys } from './world/people.ts';
import type { Slack } from './world/slack.ts';

export interface ReplicaOptions {
  readonly seed: number;
  readonly life: Life;
  readonly calls: Calls;
  readonly store: WholeStore;
  readonly clock: Clock;
  readonly people: People;
  readonly slack: Slack;
  readonly actions: Actions;
  readonly outside: Outside;
  catalog(): Catalog;
  policy(): Policy;
  /** The guardrails are about to be asked whether it may start. */
  starts(id: RequestId): void;
  readonly log: Log;
  /** Whether one of them looks after environments and people for all; it need not, where nothing is to be found. */
  readonly isWatched: boolean;
}

export interface Replica {
  readonly life: Life;
  readonly desk: Desk;
  readonly context: DeskContext;
}

export function cardContext(actions: Actions): CardContext {
  return { actions, groupTitle: (name) => name, quorumOf: quorumAsRecorded };
}

export function startReplica(options: ReplicaOptions): Replica {
  const { seed, life, calls, store, clock, log, actions } = options;
  const { scheduler } = life;
  const client = options.slack.client(calls, life);
  const codes = createCodes({
    ...{ store, clock, log, keys: sealingKeys },
    tell: async () => undefined,
  });
  const context: DeskContext = {
    ...{ store, clock, log, codes, actions, outside: options.outside },
    directory: options.people.directory(calls, life),
    catalog: options.catalog,
    policy: options.policy,
    readLine: (line) => readCommandLine(line, actions, options.catalog()),
    changed: () => {
      runner.wake();
      outbox.wake();
    },
  };
  const desk = createDesk(context);
  const messenger = createMessenger({
    ...{ client, log, cards: cardContext(actions) },
    guard: createChannelGuard({ client, clock, allowedSharedChannels: ['C0DEPLOYS'] }),
    channels: { requests: 'C0REQUESTS', deploys: 'C0DEPLOYS' },
    endChoices: (request) => desk.endChoices(request),
  });
  let drawn = 0;
  const draw = () => drawOf(seed, `${life.name} spreads ${drawn++}`);
  const { outbox } = startSpeaking({
    ...{ store, messenger, clock, log, scheduler, draw, client, holder: life.name },
    channels: ['C0REQUESTS', 'C0DEPLOYS'],
  });
  const carried = createRunDesk(context);
  const runner = startRunner({
    ...{ store, clock, scheduler, log, actions, requestKey },
    holder: life.name,
    desk: {
      ...carried,
      start(id, claim) {
        options.starts(id);
        return carried.start(id, claim);
      },
    },
    decide: (id) => desk.decide(id),
    reading: (requester) => readContext(context, requester),
  });
  if (options.isWatched) {
    const watches = { carry: () => ({ stop: async () => undefined }) };
    // What people click comes to the desk at once here.
    const clicks = { keeper: { hold() {} }, isReady: () => false, resume: async () => undefined };
    startLeaderWork({
      ...{ store, clock, scheduler, log, holder: life.name },
      tasks: leaderTasks({ context, desk, watches, clicks, scheduler }),
    });
  }
  outbox.wake();
  return { life, desk, context };
}
