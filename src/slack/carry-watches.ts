/**
 * Carries all watches: each is asked anew every few seconds, edited in place only when something has changed, and ended
 * with a last word. One replica does so at a time, or their edits would overtake each other and pass Slack's pace.
 */
import type { Answer } from '../core/action.ts';
import { digestOf } from '../core/digest.ts';
import { minuteMs, secondMs } from '../core/duration.ts';
import type { Moment } from '../core/ids.ts';
import type { Clock, Log, Scheduler } from '../core/ports.ts';
import { type Problem, problemFrom, type Result } from '../core/problem.ts';
import type { Store } from '../core/store.ts';
import { type Watch, watchMs } from '../core/watch.ts';
import type { ChannelGuard } from './channels.ts';
import { lastWords, type WatchMessages } from './watch-messages.ts';

export interface CarryWatchesOptions {
  readonly store: Pick<Store, 'addWatch' | 'watchPosted' | 'watches' | 'stopWatch' | 'endWatch'>;
  readonly guard: Pick<ChannelGuard, 'refusal'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  readonly messages: WatchMessages;
  /** Asks anew with the rights that its person has now. */
  ask(watch: Watch): Promise<Result<Answer>>;
}

export interface CarriedWatches {
  /** One that was begun here: it need not be found. */
  follow(id: string): void;
  /** Somebody stopped it: says its last words now. */
  end(id: string): Promise<void>;
  /** Looks no more, and waits for what is under way. */
  stop(): Promise<void>;
}

/** How often each is asked: from the cache, so that it costs the cluster nothing. */
const lookEveryMs = 5 * secondMs;
/** How soon one that was begun or stopped at another replica is noticed. */
const findEveryMs = 5 * secondMs;
/** Between two edits of any of them: Slack allows 50 a minute in all (docs: chat.update), and cards need theirs. */
const editEveryMs = 3 * secondMs;
/** So often it says anew how old it is, though nothing else has changed. */
const footnoteEveryMs = minuteMs;
/** How long its first message may take to be posted. */
const postingMs = minuteMs;

interface Followed {
  timer?: { cancel(): void };
  /** One look at a time: the last words are really the last. */
  looking: Promise<void>;
  shown?: { readonly digest: string; readonly at: Moment };
}

export function carryWatches(options: CarryWatchesOptions): CarriedWatches {
  const { store, clock, scheduler, log, messages } = options;
  const followed = new Map<string, Followed>();
  let editAt: Moment = 0;
  let isStopped = false;
  let alarm: { cancel(): void } | undefined;
  let finding = find();

  async function find(): Promise<void> {
    try {
      for (const watch of await store.watches()) await found(watch);
    } catch (error) {
      log.warn({ problem: problemFrom(error) }, 'watches could not be looked for');
    }
    if (!isStopped) alarm = scheduler.after(findEveryMs, findAgain);
  }

  function findAgain(): void {
    finding = find();
  }

  async function found({ id, ts, until, stopped }: Watch): Promise<void> {
    if (ts !== '') {
      if (!followed.has(id) || stopped !== undefined) void look(id);
      return;
    }
    // It was never shown: whoever asked has been told nothing, and asks again.
    const begunAt = until - watchMs;
    if (clock.now() - begunAt > postingMs) await store.endWatch(id);
  }

  function lookLater(id: string, delayMs: number): void {
    if (isStopped) return;
    const one = known(id);
    one.timer?.cancel();
    one.timer = scheduler.after(delayMs, () => void look(id));
  }

  function look(id: string): Promise<void> {
    const one = known(id);
    one.timer?.cancel();
    one.looking = one.looking.then(() => lookOnce(id, one));
    return one.looking;
  }

  function known(id: string): Followed {
    const one = followed.get(id) ?? { looking: Promise.resolve() };
    followed.set(id, one);
    return one;
  }

  async function lookOnce(id: string, one: Followed): Promise<void> {
    if (isStopped || followed.get(id) !== one) return;
    try {
      const watch = (await store.watches()).find((row) => row.id === id);
      // Ended elsewhere.
      if (!watch) return drop(id);
      if (await isToGoOn(watch, one)) {
        lookLater(id, Math.min(lookEveryMs, Math.max(0, watch.until - clock.now())));
      }
    } catch (error) {
      const cause = problemFrom(error);
      log.warn({ watch: id, problem: cause }, 'a watch could not be shown');
      lookLater(id, Math.max(lookEveryMs, cause.retryAfterMs ?? 0));
    }
  }

  async function isToGoOn(watch: Watch, one: Followed): Promise<boolean> {
    const { stopped } = watch;
    if (stopped !== undefined) return end(watch, stopped, await lastAnswer(options, watch, stopped));
    const rest = watch.until - clock.now();
    const answer = await options.ask(watch);
    const shared = await sharedBy(options.guard, watch.channel);
    if (isStopped) return false;
    if (shared) return end(watch, shared.sentence);
    if (!answer.ok && !answer.problem.isTransient) return end(watch, answer.problem.sentence);
    const why = `Watched for ${watchMs / minuteMs} minutes.`;
    if (rest <= 0) return end(watch, why, answer.ok ? answer.value : undefined);
    return answer.ok ? show(watch, one, answer.value) : true;
  }

  /** Edits only what has changed, and not faster than Slack and people can follow. */
  async function show(watch: Watch, one: Followed, answer: Answer): Promise<boolean> {
    const digest = digestOf(withoutAges(answer));
    const now = clock.now();
    const isNew = digest !== one.shown?.digest || now - one.shown.at >= footnoteEveryMs;
    if (!isNew || now < editAt) return true;
    editAt = now + editEveryMs;
    if (!(await messages.edit(watch, await messages.draw(watch, answer)))) return forget(watch.id);
    one.shown = { digest, at: now };
    return true;
  }

  /** The row goes last: a last word that did not go out is said at the next look, here or elsewhere. */
  async function end(watch: Watch, why: string, last = lastWords(why)): Promise<false> {
    try {
      await messages.edit(watch, await messages.draw(watch, last, why));
    } catch (error) {
      // Slack has not taken it for so long that nobody waits for it any more.
      if (clock.now() - watch.until <= minuteMs) throw error;
    }
    return forget(watch.id);
  }

  async function forget(id: string): Promise<false> {
    drop(id);
    await store.endWatch(id);
    return false;
  }

  function drop(id: string): void {
    followed.get(id)?.timer?.cancel();
    followed.delete(id);
  }

  return {
    follow: (id) => lookLater(id, lookEveryMs),
    end: look,
    async stop() {
      isStopped = true;
      alarm?.cancel();
      const all = [...followed.values()];
      for (const { timer } of all) timer?.cancel();
      await finding;
      await Promise.all(all.map(({ looking }) => looking));
    },
  };
}

/** What stands under the last words: how it is now, where it may still be shown. */
export async function lastAnswer(
  { guard, ask }: Pick<CarryWatchesOptions, 'guard' | 'ask'>,
  watch: Watch,
  why: string,
): Promise<Answer> {
  const isShared = await sharedBy(guard, watch.channel).catch(() => true);
  const answer = isShared ? undefined : await ask(watch);
  return answer?.ok ? answer.value : lastWords(why);
}

/** A channel may be shared with another company while something is followed in it. Direct messages never are. */
export async function sharedBy(
  guard: Pick<ChannelGuard, 'refusal'>,
  channel: string,
): Promise<Problem | undefined> {
  return /^[CG]/.test(channel) ? guard.refusal(channel) : undefined;
}

/** "30s ago" is another word a moment later, and no news. */
function withoutAges({ footnote: _age, ...answer }: Answer): string {
  return JSON.stringify(answer).replaceAll(/\b\d+[dhms](?: \d+[dhms])?\b/g, '');
}
