/** The network to each platform, cut in each way that networks have. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cut } from '../proxy.ts';
import { inWords, type Trial } from '../stage.ts';
import { sharedSpeed, type WireName } from '../world.ts';

const ways: readonly Cut[] = ['refuse', 'reset', 'swallow'];

/** By the machine's clock: longer than a call waits for its answer is what `swallow` is about. */
const cutMs: Readonly<Record<Cut, number>> = { refuse: 3_000, reset: 3_000, swallow: 12_000 };

function cut(wire: WireName, title: string): Trial {
  return {
    name: `network to ${title} cut`,
    tried: 'connections refused for 3 s, torn for 3 s, swallowed without an answer for 12 s, under load',
    mustHold: 'the process lives on; nothing is lost, nothing twice; cards and work catch up by themselves',
    database: wire === 'database' ? 'postgres' : 'sqlite',
    replicas: wire === 'database' ? 2 : 1,
    options: wire === 'database' ? { speed: sharedSpeed } : {},
    async play(stage) {
      const read: Awaited<ReturnType<typeof stage.ask>>[] = [];
      for (const how of ways) {
        await stage.world.wires[wire].cut(how);
        const life = stage.live(cutMs[how]);
        read.push(await stage.ask());
        await life;
        await stage.world.wires[wire].mend();
        // A client that was cut off comes back in its own time.
        await sleep(2_000);
      }
      if (stage.bots().length < this.replicas) stage.broken.push('a process has ended');
      return { times: ways.length, found: `${inWords(read)}; then ${inWords([await stage.askAgain()])}` };
    },
  };
}

export const networkTrials: readonly Trial[] = [
  cut('slack', 'Slack'),
  cut('github', 'GitHub'),
  cut('cluster', 'the cluster'),
  cut('database', 'PostgreSQL'),
];
