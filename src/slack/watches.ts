/**
 * Messages that follow something for a while: begun and stopped at any replica, carried by one of them at a time
 * (carry-watches.ts). What is shown, until when and that it was stopped stand in the store, so a restart or another
 * replica goes on with it.
 */
import type { Answer } from '../core/action.ts';
import type { Person } from '../core/person.ts';
import type { Chance } from '../core/ports.ts';
import { ok, type Problem, problem, problemFrom, type Result, refuse } from '../core/problem.ts';
import { watchLimits, watchMs } from '../core/watch.ts';
import {
  type CarriedWatches,
  type CarryWatchesOptions,
  carryWatches,
  lastAnswer,
  sharedBy,
} from './carry-watches.ts';
import { createWatchMessages, nowhere, type WatchMessagesOptions } from './watch-messages.ts';

export interface WatchesOptions
  extends Omit<CarryWatchesOptions, 'messages'>,
    Pick<WatchMessagesOptions, 'client' | 'nameOf'> {
  readonly chance: Chance;
}

export interface Watches {
  /** Shows the answer where it was asked for, or to the person alone where we cannot speak, and follows it. */
  begin(person: Person, channel: string | undefined, answer: Answer): Promise<Result<void>>;
  /** Anybody who sees it may stop it: it holds nothing back. `false` when nobody follows it any more. */
  stop(id: string, by: Person): Promise<boolean>;
  /** Follows all of them from now on, those included that a former process left, until it is stopped: for one replica. */
  carry(): { stop(): Promise<void> };
}

export function createWatches(options: WatchesOptions): Watches {
  const { store, clock, chance, guard } = options;
  const messages = createWatchMessages(options);
  let carried: CarriedWatches | undefined;

  return {
    async begin(person, channel, answer) {
      const { follow } = answer;
      if (!follow) return refuse(nowhere());
      const id = chance.reference();
      const until = clock.now() + watchMs;
      const watch = { id, by: person.id, ...follow, channel: channel ?? person.id, ts: '', until };
      try {
        // What is private to us is not shown where another company reads.
        const shared = channel === undefined ? undefined : await sharedBy(guard, channel);
        if (shared) return refuse(shared);
        const added = await store.addWatch(watch);
        if (added !== 'added') return refuse(tooMany(added));
        const posted = await messages.post(person, channel, await messages.draw(watch, answer));
        await store.watchPosted({ ...watch, ...posted });
        carried?.follow(id);
        return ok(undefined);
      } catch (error) {
        await store.endWatch(id);
        return refuse(problemFrom(error));
      }
    },

    async stop(id, by) {
      const words = `Stopped by ${by.name}.`;
      // First of all written: an edit that is on its way elsewhere is then not the last one.
      if (!(await store.stopWatch(id, words))) return false;
      if (carried) {
        await carried.end(id);
        return true;
      }
      const watch = (await store.watches()).find((one) => one.id === id);
      if (!watch || watch.ts === '') return true;
      // At once, for whoever clicked. Whoever carries it says the same once more, and takes its row away.
      const answer = await lastAnswer(options, watch, words);
      await messages.edit(watch, await messages.draw(watch, answer, words));
      return true;
    },

    carry() {
      const mine = carryWatches({ ...options, messages });
      carried = mine;
      return {
        async stop() {
          if (carried === mine) carried = undefined;
          await mine.stop();
        },
      };
    },
  };
}

function tooMany(limit: 'person' | 'channel' | 'all'): Problem {
  const words = {
    person: `You watch ${watchLimits.perPerson} things already.`,
    channel: `${watchLimits.perChannel} things are watched in this channel already.`,
    all: `${watchLimits.inAll} things are watched already.`,
  };
  return problem('busy', words[limit], 'Stop one of them, or wait: each ends after 15 minutes.');
}
