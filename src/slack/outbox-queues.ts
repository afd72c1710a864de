/**
 * What was taken up and has not been said yet. One message at a time per channel and method, and per request; which is
 * next and when follows from the pace of each. Channels that share a pace take turns. What time alone has brought lets
 * all else go before it, but is not forgotten over it. A message that needs another call than was foreseen waits for
 * its turn.
 */
import { secondMs } from '../core/duration.ts';
import type { Moment, RequestId } from '../core/ids.ts';
import { type ChatCall, type Clock, noticesWithoutCard, type Scheduler } from '../core/ports.ts';
import { ProblemError, problem } from '../core/problem.ts';
import type { OutboxItem } from '../core/store.ts';
import { createEntries, type Entry, type Queue, queueOf } from './outbox-entries.ts';
import { laneName, type Pace } from './pace.ts';

/** What one delivery asks before each call. */
export interface Turns {
  turn(call: ChatCall): Promise<void>;
  /** Those that were made, in their order. */
  readonly made: readonly ChatCall[];
}

export interface Queues {
  has(id: number): boolean;
  size(): number;
  add(entry: Entry): void;
  /** Of one that was added: its row as it is now. */
  update(item: OutboxItem): void;
  /** Sends what may go now, and the rest in its time. */
  advance(): void;
  /** Minds only what Slack asked for, until told otherwise. */
  hurry(isHurrying: boolean): void;
  /** The card is shown: not again at once. */
  shown(id: RequestId): void;
  underWay(): readonly Promise<void>[];
  /** Lets go of all that is not under way; what is makes no other call. */
  clear(): void;
  /** Turns for work of one's own. */
  turns(): Turns & { close(): void };
}

interface Next {
  readonly entry: Entry;
  readonly at: Moment;
}

export interface QueuesOptions {
  readonly pace: Pace;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Whether it is us who speak, at this very moment. */
  isOurTurn(): boolean;
  /** Never throws. */
  deliver(entry: Entry, turns: Turns): Promise<void>;
  /** One was delivered, well or not. */
  delivered(item: OutboxItem): void;
}

/** Ours: a card that changes more often than this cannot be read; Slack's own streaming advice is 2 to 3 s. */
export const editEveryMs = 2 * secondMs;

/** Of so many turns of a lane one is for whoever waits longest: else a busy day would keep reminders back. */
const turnsForAll = 4;

/** Why a turn was not given: somebody else speaks, or nobody any more. Nothing has failed. */
export const interrupted = problem('outside_unavailable', 'This is not sent any more.', 'It is sent later.', {
  isTransient: true,
});

function isWithoutCard({ notice }: OutboxItem): boolean {
  return notice !== undefined && noticesWithoutCard.includes(notice.kind);
}

export function createQueues(options: QueuesOptions): Queues {
  const { pace, clock, scheduler } = options;
  const entries = createEntries();
  const sending = new Map<number, { readonly entry: Entry; readonly work: Promise<void> }>();
  /** Between two edits of a card: when it may be edited again. */
  const editAt = new Map<RequestId, Moment>();
  /** By lane: how many that time did not bring have gone one after the other. */
  const inARow = new Map<string, number>();
  /** By queue: which of all turns was its last. */
  const lastTurn = new Map<string, number>();
  let turnsGiven = 0;
  const sleepers = new Set<() => void>();
  let isHurrying = false;
  /** Rises with every clearing. */
  let term = 0;
  let alarm: { cancel(): void } | undefined;

  function advance(): void {
    alarm?.cancel();
    alarm = undefined;
    for (;;) {
      const now = clock.now();
      const next = nextOf(now);
      if (!next) return;
      if (next.at > now) {
        alarm = scheduler.after(next.at - now, advance);
        return;
      }
      begin(next.entry);
    }
  }

  function begin(entry: Entry): void {
    const { item, call } = entry;
    const turns = turnsWith(call);
    const lane = laneName(call);
    inARow.set(lane, item.isByTime || isForAll(call) ? 0 : (inARow.get(lane) ?? 0) + 1);
    lastTurn.set(queueOf(call), ++turnsGiven);
    const work = options.deliver(entry, turns).finally(() => {
      turns.close();
      sending.delete(item.id);
      entries.delete(item.id);
      if (!isWithoutCard(item))
        for (const other of entries.ofRequest(item.requestId)) other.cardWasTried = true;
      options.delivered(item);
    });
    sending.set(item.id, { entry, work });
  }

  /** The entry that may go first, and when. */
  function nextOf(now: Moment): Next | undefined {
    const busy = [...sending.values()].map(({ entry }) => entry);
    const busyRequests = new Set(busy.map(({ item }) => item.requestId));
    const busyQueues = new Set(busy.map(({ call }) => queueOf(call)));
    let next: Next | undefined;
    for (const queue of entries.queues()) {
      if (busyQueues.has(queue.name)) continue;
      const first = nextIn(queue, now, busyRequests);
      if (first && (!next || goesBefore(first, next))) next = first;
    }
    return next;
  }

  /** Of two queues that may have the same turn: the one that has what it is for, then the one that waits longer for one. */
  function goesBefore(one: Next, other: Next): boolean {
    if (one.at !== other.at) return one.at < other.at;
    const isFor = ({ entry: { item, call } }: Next) => item.isByTime === isForAll(call);
    if (isFor(one) !== isFor(other)) return isFor(one);
    const last = ({ entry: { call } }: Next) => lastTurn.get(queueOf(call)) ?? 0;
    return last(one) < last(other);
  }

  function nextIn(
    { call, inTurn, byTime }: Queue,
    now: Moment,
    busy: ReadonlySet<RequestId>,
  ): Next | undefined {
    // What could have gone earlier is no nearer to its turn for it.
    const turn = Math.max(now, pace.at(call, isHurrying));
    let next: Next | undefined;
    for (const some of isForAll(call) ? [byTime, inTurn] : [inTurn, byTime]) {
      for (const entry of some.values()) {
        if (busy.has(entry.item.requestId) || isForLater(entry)) continue;
        const at = Math.max(turn, editableAt(entry));
        if (!next || at < next.at) next = { entry, at };
        // None may go before: of thousands that wait most wait for the same.
        if (at === turn) return next;
      }
    }
    return next;
  }

  /**
   * A notice lets the card that it is said under go before, so that what it speaks of is seen there; once only, or a
   * card that changes all the time would keep it back for ever.
   */
  function isForLater({ item, cardWasTried }: Entry): boolean {
    if (!item.notice || cardWasTried || isWithoutCard(item)) return false;
    return entries.ofRequest(item.requestId).some((one) => !one.item.notice);
  }

  function isForAll(call: ChatCall): boolean {
    return (inARow.get(laneName(call)) ?? 0) >= turnsForAll - 1;
  }

  function editableAt({ item }: Entry): Moment {
    return item.notice || isHurrying ? 0 : (editAt.get(item.requestId) ?? 0);
  }

  /** `first`: a place that is kept for it at once. */
  function turnsWith(first?: ChatCall): Turns & { close(): void } {
    const made: ChatCall[] = [];
    const begunIn = term;
    let kept = first;
    if (kept) pace.take(kept);
    return {
      made,
      async turn(call) {
        if (begunIn !== term) throw new ProblemError(interrupted);
        if (kept && pace.isSame(kept, call)) kept = undefined;
        else await waitFor(call, begunIn);
        // A paused process goes on with what it was waiting for, before any of its timers tells it how late it is.
        if (!options.isOurTurn()) throw new ProblemError(interrupted);
        pace.made(call);
        made.push(call);
      },
      close() {
        if (kept) pace.giveBack(kept);
      },
    };
  }

  async function waitFor(call: ChatCall, begunIn: number): Promise<void> {
    const place = pace.at(call, false);
    pace.take(call);
    for (;;) {
      const now = clock.now();
      const asked = pace.at(call, true);
      const until = isHurrying ? asked : Math.max(asked, place);
      if (begunIn === term && until <= now) return;
      if (begunIn !== term || isHurrying) {
        pace.giveBack(call);
        const later = { ...interrupted, retryAfterMs: until - now };
        throw new ProblemError(begunIn === term ? later : interrupted);
      }
      await sleep(until - now);
    }
  }

  function sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = scheduler.after(ms, resolve);
    sleepers.add(resolve);
    return promise.finally(() => {
      timer.cancel();
      sleepers.delete(resolve);
    });
  }

  function wakeSleepers(): void {
    for (const wake of sleepers) wake();
  }

  return {
    has: (id) => entries.get(id) !== undefined,
    size: entries.size,
    add: entries.add,
    update(item) {
      const entry = entries.get(item.id);
      if (entry && entry.item.isByTime !== item.isByTime && !sending.has(item.id)) {
        entries.add({ ...entry, item });
      }
    },
    advance,
    hurry(is) {
      isHurrying = is;
      if (is) wakeSleepers();
    },
    shown(id) {
      const now = clock.now();
      for (const [known, at] of editAt) if (at <= now) editAt.delete(known);
      editAt.set(id, now + editEveryMs);
    },
    underWay: () => [...sending.values()].map(({ work }) => work),
    clear() {
      term++;
      alarm?.cancel();
      for (const id of entries.ids()) if (!sending.has(id)) entries.delete(id);
      wakeSleepers();
    },
    turns: () => turnsWith(),
  };
}
