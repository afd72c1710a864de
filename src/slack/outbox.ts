/**
 * Keeps Slack in step with the store: shows every card at its newest state and tells every notice once, at Slack's
 * pace. One replica speaks at a time. What it knows by itself is only pace: the rows in the store say what is left to
 * do, for itself after a restart and for whoever speaks next.
 */
import { secondMs } from '../core/duration.ts';
import type { Moment } from '../core/ids.ts';
import type { Clock, Log, Messenger, Scheduler, Sending } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import type { Lease, OutboxItem, Store } from '../core/store.ts';
import { createDelivery } from './deliver.ts';
import { createQueues } from './outbox-queues.ts';
import { createSweeps } from './outbox-sweeps.ts';
import { createPace } from './pace.ts';

export interface OutboxOptions {
  readonly store: Store;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly log: Log;
  readonly scheduler: Scheduler;
  /** From 0 to 1: spreads what failed together. */
  draw(): number;
  /** Where several replicas may speak: what says that it is us, at this very moment. Not given: nobody else can. */
  lease?(): Lease | undefined;
  /** Resolves when work that nobody waits for may begin: soon, whatever happens. */
  giveWay?(): Promise<void>;
  /** Looks for cards that are one too many or missing: soon after we begin to speak, and now and then. */
  sweep?(sending: Sending): Promise<void>;
}

export interface Outbox {
  /** Something may be due now, or it is our turn to speak: look at once. Also starts it. */
  wake(): void;
  /**
   * Sends all that is due now without minding the pace, but for what Slack asked to wait with, and returns when nothing
   * is left; for a drain and for tests. Nothing where somebody else speaks.
   */
  flush(): Promise<void>;
  /** Somebody else speaks, or may: sends nothing more until woken with a lease, and waits for what is under way. */
  stepDown(): Promise<void>;
  /** Sends nothing more, and waits for what is under way. The rows that are left go out after the next start. */
  stop(): Promise<void>;
}

/** How many rows are taken up in one look at least. */
const batch = 100;
/**
 * What waits for its turn is read again at each look: 1,000 rows in 10 ms. After a burst of commands each wakes us; with
 * looks spaced by what was read in vain, all of them together take a hundredth of the processor. Behind a thousand cards
 * that wait, each for its second, nobody misses the second that it takes.
 */
const spacingMsPerRow = 1;
/** How soon to look again when a look failed. */
const lookAgainMs = secondMs;
/** Where others may write what is due, and the database may not tell us. */
const othersMs = 2 * secondMs;

export function createOutbox(options: OutboxOptions): Outbox {
  const { store, messenger, clock, log, scheduler } = options;
  const pace = createPace(clock);
  const delivery = createDelivery({
    ...options,
    pace,
    speech: (made) => ({ ...(spoken && { lease: spoken }), lanes: pace.lanes(made) }),
    shown: ({ requestId }) => queues.shown(requestId),
    silenced: () => {
      refused = spoken?.fence;
      fallSilent();
    },
  });
  const queues = createQueues({
    ...{ pace, clock, scheduler },
    isOurTurn: () => options.lease === undefined || options.lease()?.fence === spoken?.fence,
    deliver: delivery.deliver,
    delivered({ id }) {
      deliveredSince.add(id);
      // The card may have changed again while it was shown, and its notices may be due now: a flush looks by itself.
      if (isHurrying) queues.advance();
      else lookSoon();
    },
  });
  const sweeps = createSweeps({
    ...options,
    turn: () => queues.turns().turn,
    swept: () => void look(),
  });
  /** Since the store was last asked what is due: its answer may be from before, and name them still. */
  const deliveredSince = new Set<number>();
  /** Under which we speak; `undefined` also where none is needed. */
  let spoken: Lease | undefined;
  let isSpeaking = false;
  /** The fence with which we were refused: it cannot be our turn, whatever our clock says. */
  let refused: number | undefined;
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  let isLookOwed = false;
  let earliestLookAt: Moment = 0;
  let isHurrying = false;
  /** What is there at the start is of whoever spoke before. */
  let isCatchingUp = true;
  let isStopped = false;
  let alarm: { cancel(): void } | undefined;

  /** Looks at once, or as soon as the spacing of looks allows. */
  function lookSoon(): void {
    if (isHurrying) void look();
    else if (looking) isLookOwed = true;
    else if (clock.now() >= earliestLookAt) void look();
    else setAlarm(earliestLookAt);
  }

  /** Takes up what is due, and lets all of it go on. One at a time; called meanwhile, it looks once more. */
  function look(): Promise<void> {
    if (isStopped) return looking ?? Promise.resolve();
    lookAgain = true;
    looking ??= (async () => {
      try {
        let nextAt: Moment | undefined;
        while (lookAgain && !isStopped) {
          lookAgain = false;
          isLookOwed = false;
          if (!isHurrying) await options.giveWay?.();
          if (!(await maySpeak())) return;
          const now = clock.now();
          await takeUp(now);
          nextAt = await store.nextOutboxAt(now);
        }
        setAlarm(nextAt);
      } catch (error) {
        log.error({ problem: problemFrom(error) }, 'the outbox could not be read');
        // Also when our turn had not begun yet: nobody else would begin it.
        alarm?.cancel();
        if (!isStopped) alarm = scheduler.after(lookAgainMs, () => void look());
      } finally {
        looking = undefined;
        if (isLookOwed) lookSoon();
      }
    })();
    return looking;
  }

  /** Whether it is our turn; a turn begins with what others have left. */
  async function maySpeak(): Promise<boolean> {
    const lease = options.lease?.();
    if (options.lease && (!lease || lease.fence === refused)) {
      fallSilent();
      await settle();
      return false;
    }
    if (isSpeaking && lease?.fence === spoken?.fence) return true;
    fallSilent();
    await settle();
    pace.begin(await store.chatLanes(clock.now()));
    spoken = lease;
    isSpeaking = true;
    isCatchingUp = true;
    sweeps.begin();
    return true;
  }

  /** What was under way in a former turn of ours may count no more, and knows it only when it has ended. */
  async function settle(): Promise<void> {
    await Promise.all(queues.underWay());
    await delivery.settle();
  }

  function fallSilent(): void {
    isSpeaking = false;
    earliestLookAt = 0;
    alarm?.cancel();
    sweeps.end();
    queues.clear();
  }

  async function takeUp(now: Moment): Promise<void> {
    const before = queues.size();
    // Twice as many each time: a long list is not read again for every hundred of it.
    const limit = 2 * before + batch;
    deliveredSince.clear();
    const items = await store.outbox(now, limit);
    const fresh = items.filter(({ id }) => !queues.has(id));
    for (const item of items) queues.update(item);
    for (const item of fresh) if (!deliveredSince.has(item.id)) await add(item);
    if (!isSpeaking) return;
    earliestLookAt = now + Math.floor((items.length - fresh.length) * spacingMsPerRow);
    if (queues.size() > before && items.length === limit) lookAgain = true;
    else isCatchingUp = false;
    queues.advance();
  }

  async function add(item: OutboxItem): Promise<void> {
    try {
      const request = await delivery.requestOf(item);
      const posted = await store.postedCard(item.requestId);
      const call = messenger.firstCall(request, posted, item.notice);
      queues.add({ item, call, isLeft: isCatchingUp, cardWasTried: false });
    } catch (error) {
      // One request that cannot be read must not silence the others.
      await delivery.failed(item, problemFrom(error));
    }
  }

  function setAlarm(nextAt: Moment | undefined): void {
    alarm?.cancel();
    alarm = undefined;
    if (isStopped || !isSpeaking) return;
    const now = clock.now();
    const dueAt = Math.min(
      nextAt ?? Number.POSITIVE_INFINITY,
      options.lease ? now + othersMs : Number.POSITIVE_INFINITY,
    );
    // In a rush something is always about to be due.
    const delayMs = Math.max(0, dueAt - now, earliestLookAt - now);
    if (Number.isFinite(delayMs)) alarm = scheduler.after(delayMs, () => void look());
  }

  async function stepDown(): Promise<void> {
    fallSilent();
    await Promise.all([looking, sweeps.underWay(), ...queues.underWay()]);
  }

  return {
    wake: lookSoon,

    async flush() {
      isHurrying = true;
      queues.hurry(true);
      try {
        for (;;) {
          await look();
          if (queues.underWay().length === 0) return;
          while (queues.underWay().length > 0) await Promise.all(queues.underWay());
        }
      } finally {
        isHurrying = false;
        queues.hurry(false);
      }
    },

    stepDown,

    async stop() {
      isStopped = true;
      await stepDown();
      await delivery.settle().catch((error: unknown) => {
        log.error({ problem: problemFrom(error) }, 'the outbox could not be written');
      });
    },
  };
}
