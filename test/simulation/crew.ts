/** The replicas of one seed: who is there, who comes back when after being killed, and whom somebody's words reach. */
import { secondMs } from '../../src/core/duration.ts';
import type { Desk } from '../../src/desk/desk.ts';
import type { Calls, Life } from './calls.ts';
import { drawOf, pick } from './chance.ts';
import type { Replica } from './replica.ts';
import type { Story } from './story.ts';
import type { Timeline } from './timeline.ts';

export interface Crew {
  /** Says it to some replica; once more to another when nobody answers. */
  say(name: string, words: (desk: Desk) => Promise<unknown>): void;
}

export interface CrewOptions {
  readonly seed: number;
  readonly timeline: Timeline;
  readonly story: Story;
  readonly calls: Calls;
  /** How many there are. */
  readonly replicas: number;
  /** Decisions that are left out of this run, by name. */
  readonly without: ReadonlySet<string>;
  /** Wires one life. */
  begin(life: Life): Replica;
}

/** How many times people or Slack say again what nobody answered. */
const saysAgainMax = 4;

export function createCrew(options: CrewOptions): Crew {
  const { seed, timeline, story, calls, without } = options;
  const replicas = new Map<number, Replica>();

  function start(place: number, number: number): void {
    const name = `${'ABC'[place]}${number}`;
    const life = calls.live(name, () => {
      replicas.delete(place);
      const awayMs = pick([200, 2_000, 8_000, 45_000], drawOf(seed, `${name} is away`));
      timeline.at(timeline.now() + awayMs, () => start(place, number + 1));
    });
    if (number > 1) story.note(timeline.now(), `${name} starts`);
    replicas.set(place, options.begin(life));
  }

  /** Whoever the load balancer or Slack chooses; nobody when all are down. */
  function someDesk(name: string): Desk | undefined {
    const there = [...replicas.values()];
    return there.length === 0 ? undefined : pick(there, drawOf(seed, `${name} goes to`)).desk;
  }

  function say(name: string, words: (desk: Desk) => Promise<unknown>, times = 1): void {
    const desk = someDesk(`${name} ${times}`);
    const patience = timeline.after((desk ? 20 : 3) * secondMs, () => {
      if (times < saysAgainMax) say(name, words, times + 1);
    });
    if (!desk) return;
    words(desk).then(
      () => patience.cancel(),
      () => undefined,
    );
  }

  for (let place = 0; place < options.replicas; place++) {
    if (place === 0 || !without.has(`replica ${place + 1}`)) start(place, 1);
  }
  return { say: (name, words) => say(name, words) };
}
