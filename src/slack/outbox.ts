/**
 * Keeps Slack in step with the store: shows every card at its newest state and tells every notice once. One message
 * at a time per channel, at Slack's pace; a channel that must wait holds up no other. What it knows by itself is only
 * pace: after a restart the rows in the store say what is left to do.
 */
import { secondMs } from '../core/duration.ts';
import type { Moment, RequestId } from '../core/ids.ts';
import type { Clock, Log, Messenger, PostedCard, Scheduler } from '../core/ports.ts';
import { type Problem, ProblemError, problem, problemFrom } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { OutboxItem, Store } from '../core/store.ts';
import { type Pace, retryAt, slackPace } from './pace.ts';

export interface OutboxOptions {
  readonly store: Store;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly log: Log;
  readonly scheduler: Scheduler;
  /** From 0 to 1: spreads what failed together. */
  draw(): number;
  readonly pace?: Pace;
}

export interface Outbox {
  /** Something may be due now: look at once. Also starts it. */
  wake(): void;
  /** Sends all that is due now without minding the pace, and returns when nothing is left; for a drain and for tests. */
  flush(): Promise<void>;
  /** Sends nothing more, and waits for what is under way. The rows that are left go out after the next start. */
  stop(): Promise<void>;
}

/** One row that was taken up. */
interface Entry {
  readonly item: OutboxItem;
  /** A new message rather than an edit. */
  readonly isPost: boolean;
  /** It was left by a bot that may have sent it. */
  readonly isLeft: boolean;
  /** Since it was taken up, another row of the same request was. */
  cardWasTried: boolean;
}

interface Lane {
  readonly entries: Map<number, Entry>;
  postAt: Moment;
  /** Nothing before this: Slack asked for it, or the store cannot be written. */
  pausedUntil: Moment;
  sending: Promise<void> | undefined;
  alarm: { cancel(): void } | undefined;
}

/** How many rows are taken up in one look. */
const batch = 100;
/** How soon to look again when a look failed, or when rows are taken up but not yet sent. */
const lookAgainMs = secondMs;

export function createOutbox(options: OutboxOptions): Outbox {
  const { store, messenger, clock, log, scheduler, pace = slackPace } = options;
  /** By where the card goes: one Slack channel each. */
  const lanes = new Map<PlatformRequest['channel'], Lane>();
  const taken = new Set<number>();
  /** When a card may be edited again. */
  const editAt = new Map<RequestId, Moment>();
  /** What Slack has, and the store has not heard of: said again, it would be there twice. */
  const unrecorded = new Map<number, () => Promise<void>>();
  let anyEditAt: Moment = 0;
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  /** What is there at the start is of whoever was here before. */
  let isCatchingUp = true;
  let isHurrying = false;
  let isStopped = false;
  let alarm: { cancel(): void } | undefined;

  /** Takes up what is due, and lets every lane go on. One at a time; called meanwhile, it looks once more. */
  function look(): Promise<void> {
    if (isStopped) return looking ?? Promise.resolve();
    lookAgain = true;
    looking ??= (async () => {
      try {
        let nextAt: Moment | undefined;
        while (lookAgain && !isStopped) {
          lookAgain = false;
          await takeUp();
          nextAt = await store.nextOutboxAt();
        }
        setAlarm(nextAt);
      } catch (error) {
        log.error({ problem: problemFrom(error) }, 'the outbox could not be read');
        setAlarm(clock.now());
      } finally {
        looking = undefined;
      }
    })();
    return looking;
  }

  async function takeUp(): Promise<void> {
    const limit = taken.size + batch;
    const items = await store.outbox(clock.now(), limit);
    const before = taken.size;
    for (const item of items) {
      if (taken.has(item.id)) continue;
      try {
        const request = await requestOf(item);
        const isPost = item.notice !== undefined || (await store.postedCard(item.requestId)) === undefined;
        laneOf(request.channel).entries.set(item.id, {
          item,
          isPost,
          isLeft: isCatchingUp,
          cardWasTried: false,
        });
        taken.add(item.id);
      } catch (error) {
        // One request that cannot be read must not silence the others.
        await failed(item, problemFrom(error));
      }
    }
    if (taken.size > before && items.length === limit) lookAgain = true;
    else isCatchingUp = false;
    for (const [id, at] of editAt) if (at <= clock.now()) editAt.delete(id);
    for (const lane of lanes.values()) advance(lane);
  }

  function setAlarm(nextAt: Moment | undefined): void {
    alarm?.cancel();
    alarm = undefined;
    if (nextAt === undefined || isStopped) return;
    const delayMs = nextAt > clock.now() ? nextAt - clock.now() : lookAgainMs;
    alarm = scheduler.after(delayMs, () => void look());
  }

  function laneOf(channel: PlatformRequest['channel']): Lane {
    const known = lanes.get(channel);
    if (known) return known;
    const lane: Lane = {
      entries: new Map(),
      postAt: 0,
      pausedUntil: 0,
      sending: undefined,
      alarm: undefined,
    };
    lanes.set(channel, lane);
    return lane;
  }

  /** Sends the lane's next message, or waits until it may. */
  function advance(lane: Lane): void {
    lane.alarm?.cancel();
    lane.alarm = undefined;
    if (isStopped || lane.sending) return;
    const next = nextOf(lane);
    if (!next) return;
    const now = clock.now();
    if (next.at > now) {
      lane.alarm = scheduler.after(next.at - now, () => advance(lane));
      return;
    }
    const { item } = next.entry;
    lane.sending = deliver(lane, next.entry).finally(() => {
      lane.sending = undefined;
      lane.entries.delete(item.id);
      taken.delete(item.id);
      for (const other of lane.entries.values()) {
        if (other.item.requestId === item.requestId) other.cardWasTried = true;
      }
      // The card may have changed again while it was shown, and its notices may be due now.
      void look();
    });
  }

  /**
   * The entry that may go first, and when. A notice lets its card go before, so that what it speaks of is seen there;
   * once only, or a card that changes all the time would keep it back for ever.
   */
  function nextOf(lane: Lane): { entry: Entry; at: Moment } | undefined {
    const entries = [...lane.entries.values()];
    const changing = new Set(entries.filter(({ item }) => !item.notice).map(({ item }) => item.requestId));
    let next: { entry: Entry; at: Moment } | undefined;
    for (const entry of entries) {
      if (entry.item.notice && !entry.cardWasTried && changing.has(entry.item.requestId)) continue;
      const at = Math.max(lane.pausedUntil, isHurrying ? 0 : paceOf(lane, entry));
      if (!next || at < next.at) next = { entry, at };
    }
    return next;
  }

  function paceOf(lane: Lane, { item, isPost }: Entry): Moment {
    return isPost ? lane.postAt : Math.max(anyEditAt, editAt.get(item.requestId) ?? 0);
  }

  async function deliver(lane: Lane, { item, isPost, isLeft }: Entry): Promise<void> {
    try {
      const record = unrecorded.get(item.id) ?? (await send(item, isLeft));
      const now = clock.now();
      if (isPost) lane.postAt = now + pace.postMs;
      else anyEditAt = now + pace.anyEditMs;
      if (!item.notice) editAt.set(item.requestId, now + pace.editMs);
      unrecorded.set(item.id, record);
      await record();
      unrecorded.delete(item.id);
    } catch (error) {
      await failed(item, problemFrom(error), lane);
    }
  }

  /** Says it, and gives what is left to do: write down that it was said. */
  async function send(item: OutboxItem, isLeft: boolean): Promise<() => Promise<void>> {
    const request = await requestOf(item);
    const posted = await store.postedCard(item.requestId);
    const mayBeThere = isLeft || item.attempts > 0;
    if (item.notice) {
      await messenger.tell(item.notice, request, cardFor(item, posted), mayBeThere);
      return async () => void (await store.noticeTold(item));
    }
    const history = await store.history(item.requestId);
    const shown = await messenger.showCard(request, history, posted, mayBeThere);
    return async () => void (await store.cardShown(item, shown));
  }

  async function failed(item: OutboxItem, cause: Problem, lane?: Lane): Promise<void> {
    const now = clock.now();
    const at = retryAt(cause, item.attempts, now, options.draw());
    log.warn(
      {
        request: item.requestId,
        notice: item.notice?.key,
        attempts: item.attempts + 1,
        againInMs: at - now,
        problem: cause,
      },
      'a message did not go out',
    );
    if (lane && cause.retryAfterMs !== undefined) lane.pausedUntil = at;
    try {
      await store.outboxFailed(item, at, cause);
    } catch (error) {
      // The row still says "due now": without a pause this would turn into a busy loop.
      if (lane) lane.pausedUntil = at;
      log.error({ problem: problemFrom(error) }, 'the outbox could not be written');
    }
  }

  async function requestOf(item: OutboxItem): Promise<PlatformRequest> {
    const request = await store.load(item.requestId);
    if (!request) throw lost(`the outbox speaks of ${item.requestId}, which the store does not hold`);
    return request;
  }

  return {
    wake() {
      void look();
    },

    async flush() {
      isHurrying = true;
      try {
        for (;;) {
          await look();
          const sending = [...lanes.values()].flatMap((lane) => lane.sending ?? []);
          if (sending.length === 0) return;
          await Promise.all(sending);
        }
      } finally {
        isHurrying = false;
      }
    },

    async stop() {
      isStopped = true;
      alarm?.cancel();
      for (const lane of lanes.values()) lane.alarm?.cancel();
      await Promise.all([looking, ...[...lanes.values()].map((lane) => lane.sending)]);
    },
  };
}

function cardFor(item: OutboxItem, posted: PostedCard | undefined): PostedCard {
  if (!posted) throw lost(`${item.notice?.key} is due, but ${item.requestId} has no card`);
  return posted;
}

function lost(detail: string): ProblemError {
  return new ProblemError(
    problem(
      'internal',
      'Greenlight has lost track of a message.',
      'Tell the platform team: the database needs a look.',
      { detail },
    ),
  );
}
