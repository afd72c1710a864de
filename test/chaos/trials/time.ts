/** A clock that jumps, and a process that stands still: time is not what it seems. */
import { setTimeout as sleep } from 'node:timers/promises';
import { dayMs, hourMs } from '../../../src/core/duration.ts';
import { clockSetBack } from '../../../src/watch-clock.ts';
import type { Bot } from '../bots.ts';
import { inWords, type Stage, type Trial } from '../stage.ts';
import { sharedSpeed } from '../world.ts';

/** A clock that was set back ends the process, with a sentence; whatever supervises it starts it again. */
async function endedAndBack(
  { world, bots, broken }: Stage,
  replicas: number,
  bot: Bot | undefined = bots()[0],
): Promise<void> {
  await Promise.race([bot?.exited, sleep(endsWithinMs)]);
  const said = world.bots.log.some(({ bot: name, msg }) => name === bot?.name && msg === clockSetBack);
  if (bot?.ended()?.code !== 1 || !said)
    broken.push('a clock that was set back did not end the process with a sentence');
  while (bots().length < replicas) await world.readyBot();
}

/** By the machine's clock: a look at the clock, and an orderly end. */
const endsWithinMs = 15_000;

const forward: Trial = {
  name: 'clock jumped forward',
  tried: 'the clock of the machine jumps forward by 2 days, and back again',
  mustHold: 'what is overdue happens once; corrected, everything goes on at once',
  database: 'sqlite',
  replicas: 1,
  async play(stage) {
    stage.world.setClock(2 * dayMs, 'all');
    await stage.live(2_500);
    stage.world.setClock(0, 'all');
    await endedAndBack(stage, 1);
    await stage.live(1_500);
    return { times: 2, found: `ends with “${clockSetBack}”; then ${inWords([await stage.askAgain()])}` };
  },
};

const backward: Trial = {
  name: 'clock jumped back',
  tried: 'the clock of the machine jumps back by 1 hour, and forward again',
  mustHold: 'nothing happens twice, and nothing waits for an hour',
  database: 'sqlite',
  replicas: 1,
  async play(stage) {
    stage.world.setClock(-hourMs, 'all');
    await endedAndBack(stage, 1);
    await stage.live(2_500);
    const asked = [await stage.ask()];
    stage.world.setClock(0, 'all');
    return {
      times: 2,
      found: `ends with the same sentence; started again, ${inWords(asked)}; then ${inWords([await stage.askAgain()])}`,
    };
  },
};

const apart: Trial = {
  name: 'clocks apart',
  tried: 'of two replicas the clock of one is 1 s ahead, then 1 s behind, then 2 days ahead for a moment',
  mustHold: 'nothing happens twice, and nothing is stuck on a lease of the future',
  database: 'postgres',
  replicas: 2,
  options: { speed: sharedSpeed },
  async play(stage) {
    const [first] = stage.bots();
    for (const offset of [1_000, -1_000, 2 * dayMs]) {
      stage.world.setClock(offset, 'first');
      await stage.live(2_500);
    }
    stage.world.setClock(0, 'first');
    // It goes by the database's time by then, and so went back by two days.
    await endedAndBack(stage, 2, first);
    return {
      times: 3,
      found: `the one ends with the same sentence, and is started again; then ${inWords([await stage.askAgain()])}`,
    };
  },
};

const stoodStill: Trial = {
  name: 'paused process',
  tried: 'the only process is stopped (SIGSTOP) for 5 minutes of its time, three times, then goes on',
  mustHold: 'it goes on where it was, and nothing happens twice',
  database: 'sqlite',
  replicas: 1,
  async play(stage) {
    for (let times = 0; times < 3; times++) {
      const life = stage.live(1_500);
      await sleep(200 + stage.world.draw() * 500);
      stage.bots()[0]?.signal('SIGSTOP');
      // As if it had been longer: its clock goes on meanwhile.
      stage.world.setClock(5 * 60_000 * (times + 1), 'all');
      await sleep(1_000);
      stage.bots()[0]?.signal('SIGCONT');
      await life;
    }
    return { times: 3, found: `then ${inWords([await stage.askAgain()])}` };
  },
};

export const timeTrials: readonly Trial[] = [forward, backward, apart, stoodStill];
