/**
 * Messages that follow something for a while: asked anew every few seconds, edited in place only when something has
 * changed, and ended with a last word. What is shown and until when stands in the store, so a restart goes on with it.
 */

import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Answer } from '../core/action.ts';
import { digestOf } from '../core/digest.ts';
import { minuteMs, secondMs } from '../core/duration.ts';
import type { Moment, PersonId } from '../core/ids.ts';
import type { Person } from '../core/person.ts';
import type { Chance, Clock, Log, Scheduler } from '../core/ports.ts';
import {
  ok,
  type Problem,
  ProblemError,
  problem,
  problemFrom,
  type Result,
  refuse,
} from '../core/problem.ts';
import type { Store } from '../core/store.ts';
import { type Watch, watchLimits, watchMs } from '../core/watch.ts';
import { answerMessage } from './answers.ts';
import { date, inline, type SlackMessage } from './blocks.ts';
import type { ChannelGuard } from './channels.ts';
import { slackErrorCode, slackProblem } from './errors.ts';

export interface WatchesOptions {
  readonly store: Store;
  /** The background client. */
  readonly client: WebClient;
  readonly guard: ChannelGuard;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly log: Log;
  /** Asks anew with the rights that its person has now. */
  ask(watch: Watch): Promise<Result<Answer>>;
  nameOf(id: PersonId): Promise<string>;
}

export interface Watches {
  /** Shows the answer where it was asked for, or to the person alone where we cannot speak, and follows it. */
  begin(person: Person, channel: string | undefined, answer: Answer): Promise<Result<void>>;
  /** Anybody who sees it may stop it: it holds nothing back. */
  stop(id: string, by: Person): Promise<void>;
  /** Goes on with those that a former process left. */
  resume(): Promise<void>;
  /** Looks no more, and waits for what is under way. */
  close(): Promise<void>;
}

/** How often each is asked: from the cache, so that it costs the cluster nothing. */
const lookEveryMs = 5 * secondMs;
/** Between two edits of any of them: Slack allows 50 a minute in all (docs: chat.update), and cards need theirs. */
const editEveryMs = 3 * secondMs;
/** So often it says anew how old it is, though nothing else has changed. */
const footnoteEveryMs = minuteMs;

interface Shown {
  readonly digest: string;
  readonly at: Moment;
}

export function createWatches(options: WatchesOptions): Watches {
  const { store, client, clock, scheduler, log } = options;
  const timers = new Map<string, { cancel(): void }>();
  const shown = new Map<string, Shown>();
  const looking = new Set<Promise<void>>();
  let editAt: Moment = 0;
  let isClosed = false;

  function lookLater(watch: Watch, delayMs: number): void {
    if (isClosed) return;
    timers.get(watch.id)?.cancel();
    const timer = scheduler.after(delayMs, () => {
      const work = look(watch).finally(() => looking.delete(work));
      looking.add(work);
    });
    timers.set(watch.id, timer);
  }

  async function look(watch: Watch): Promise<void> {
    try {
      const rest = watch.until - clock.now();
      const answer = await options.ask(watch);
      const shared = await sharedBy(watch.channel);
      if (isClosed || !timers.has(watch.id)) return;
      if (shared) return await end(watch, shared.sentence);
      if (!answer.ok && !answer.problem.isTransient) return await end(watch, answer.problem.sentence);
      if (rest <= 0) return await end(watch, `Watched for ${watchMs / minuteMs} minutes.`, answer);
      if (answer.ok) await show(watch, answer.value);
      lookLater(watch, Math.min(lookEveryMs, Math.max(0, watch.until - clock.now())));
    } catch (error) {
      const cause = problemFrom(error);
      log.warn({ watch: watch.id, problem: cause }, 'a watch could not be shown');
      if (clock.now() - watch.until > minuteMs) return forget(watch.id);
      lookLater(watch, Math.max(lookEveryMs, cause.retryAfterMs ?? 0));
    }
  }

  /** A channel may be shared with another company while something is followed in it. Direct messages never are. */
  async function sharedBy(channel: string): Promise<Problem | undefined> {
    return /^[CG]/.test(channel) ? options.guard.refusal(channel) : undefined;
  }

  /** Edits only what has changed, and not faster than Slack and people can follow. */
  async function show(watch: Watch, answer: Answer): Promise<void> {
    const digest = digestOf(withoutAges(answer));
    const before = shown.get(watch.id);
    const now = clock.now();
    const isNew = digest !== before?.digest || now - before.at >= footnoteEveryMs;
    if (!isNew || now < editAt) return;
    editAt = now + editEveryMs;
    const message = await draw(watch, answer);
    // Stopped meanwhile: its last word has been said.
    if (!timers.has(watch.id)) return;
    if (!(await edit(watch, message))) return forget(watch.id);
    shown.set(watch.id, { digest, at: now });
  }

  async function draw(watch: Watch, answer: Answer, ended?: string): Promise<SlackMessage> {
    const name = inline(await options.nameOf(watch.by), 80);
    return answerMessage(answer, watch, {
      kind: 'watch',
      id: watch.id,
      words:
        ended === undefined
          ? `:eyes: Followed until ${date(watch.until, '{time}')}, with what ${name} may see`
          : inline(ended, 200),
      isEnded: ended !== undefined,
    });
  }

  /** `false` when the message is gone. */
  async function edit({ channel, ts }: Watch, message: SlackMessage): Promise<boolean> {
    try {
      await client.chat.update({ channel, ts, ...message });
      return true;
    } catch (error) {
      if (gone.has(slackErrorCode(error) ?? '')) return false;
      throw slackProblem(error, 'chat.update');
    }
  }

  /** The row goes last: a last word that did not go out is said after the next start. */
  async function end(watch: Watch, why: string, last?: Result<Answer>): Promise<void> {
    const answer = last?.ok ? last.value : lastWords(why);
    await edit(watch, await draw(watch, answer, why));
    await forget(watch.id);
  }

  async function forget(id: string): Promise<void> {
    timers.get(id)?.cancel();
    timers.delete(id);
    shown.delete(id);
    await store.endWatch(id);
  }

  /** In the channel when we may speak there; else to the person alone. */
  async function post(person: Person, channel: string | undefined, message: SlackMessage) {
    const places = [...(channel === undefined ? [] : [channel]), person.id];
    for (const place of places) {
      try {
        const answer = await client.chat.postMessage({ channel: place, ...message, unfurl_links: false });
        return z.object({ channel: z.string(), ts: z.string() }).parse(answer);
      } catch (error) {
        const isOurs = place !== person.id && notThere.has(slackErrorCode(error) ?? '');
        if (!isOurs) throw slackProblem(error, 'chat.postMessage');
      }
    }
    throw new ProblemError(nowhere());
  }

  return {
    async begin(person, channel, answer) {
      const { follow } = answer;
      if (!follow) return refuse(nowhere());
      const id = options.chance.reference();
      const until = clock.now() + watchMs;
      const watch = { id, by: person.id, ...follow, channel: channel ?? person.id, ts: '', until };
      try {
        // What is private to us is not shown where another company reads.
        const shared = channel === undefined ? undefined : await sharedBy(channel);
        if (shared) return refuse(shared);
        const added = await store.addWatch(watch);
        if (added !== 'added') return refuse(tooMany(added));
        const posted = { ...watch, ...(await post(person, channel, await draw(watch, answer))) };
        await store.watchPosted(posted);
        lookLater(posted, lookEveryMs);
        return ok(undefined);
      } catch (error) {
        await forget(id);
        return refuse(problemFrom(error));
      }
    },

    async stop(id, by) {
      const watch = (await store.watches()).find((one) => one.id === id);
      if (!watch) return;
      timers.get(id)?.cancel();
      timers.delete(id);
      const isShared = await sharedBy(watch.channel).catch(() => true);
      const answer = isShared ? undefined : await options.ask(watch);
      await end(watch, `Stopped by ${by.name}.`, answer);
    },

    async resume() {
      for (const watch of await store.watches()) {
        // It was never shown: whoever asked has been told nothing, and asks again.
        if (watch.ts === '') await store.endWatch(watch.id);
        else lookLater(watch, 0);
      }
    },

    async close() {
      isClosed = true;
      for (const timer of timers.values()) timer.cancel();
      await Promise.all(looking);
    },
  };
}

/** "30s ago" is another word a moment later, and no news. */
function withoutAges({ footnote: _age, ...answer }: Answer): string {
  return JSON.stringify(answer).replaceAll(/\b\d+[dhms](?: \d+[dhms])?\b/g, '');
}

/** The message can never be edited again. */
const gone = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'channel_not_found',
  'is_archived',
]);
/** We are not where it was asked for. */
const notThere = new Set(['not_in_channel', 'channel_not_found', 'is_archived', 'restricted_action']);

function lastWords(sentence: string): Answer {
  return { title: 'Watched no longer', sentence, mood: 'unknown', sections: [], links: [], next: [] };
}

function tooMany(limit: 'person' | 'channel' | 'all'): Problem {
  const words = {
    person: `You watch ${watchLimits.perPerson} things already.`,
    channel: `${watchLimits.perChannel} things are watched in this channel already.`,
    all: `${watchLimits.inAll} things are watched already.`,
  };
  return problem('busy', words[limit], 'Stop one of them, or wait: each ends after 15 minutes.');
}

function nowhere(): Problem {
  return problem('outside_refused', 'There is no place to show this.', 'Ask again in another channel.');
}
