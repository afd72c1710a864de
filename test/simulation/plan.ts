/** What a seed has decided before anything happens: who does what when, and how bad the days are. */
import { minuteMs, secondMs } from '../../src/core/duration.ts';
import { type Dice, diceOf } from './chance.ts';

/** Whose answers may fail. */
export type Port = 'store' | 'slack' | 'outside' | 'directory';

export interface Weather {
  /** Of a call to this port that it fails before it has done anything, and after. */
  readonly refused: Readonly<Record<Port, number>>;
  readonly lost: Readonly<Record<Port, number>>;
  /** Of a write that the process is killed before it, or after. */
  readonly killed: number;
  /** Of an answer that its process stands still for so long that others think it dead. */
  readonly paused: number;
  /** Of a call that takes very long. */
  readonly slow: number;
}

/** A port is away for everybody. */
export interface Outage {
  readonly name: string;
  readonly port: Exclude<Port, 'store'>;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What a seed is mostly about: `answers` has good weather and many clicks, `everything` has both. */
export type Theme = 'everything' | 'answers';

export interface Plan {
  readonly seed: number;
  readonly theme: Theme;
  readonly replicas: number;
  readonly weather: Weather;
  readonly outages: readonly Outage[];
  /** How long acts and faults go on, in milliseconds. */
  readonly lengthMs: number;
  /** Whether a leader looks at environments, and hands at what is not theirs. No machine sleeps meanwhile. */
  readonly isWatched: boolean;
}

/** Of seeds. Their leader looks all the time, and so they take longer. */
const watched = 0.08;

/** Most days are good in most ways: a fault is best seen where nothing else happens. */
const rare = [0, 0, 0.01, 0.03, 0.1] as const;

const never: Record<Port, number> = { store: 0, slack: 0, outside: 0, directory: 0 };
const fair: Weather = { refused: never, lost: never, killed: 0, paused: 0, slow: 0.02 };

export function planOf(seed: number): Plan {
  const dice = diceOf(seed, 'plan');
  const isWatched = diceOf(seed, 'hands').happens(watched);
  const theme: Theme = dice.happens(0.35) ? 'answers' : 'everything';
  if (theme === 'answers') {
    const lengthMs = dice.oneOf([1, 3]) * minuteMs;
    const replicas = dice.oneOf([1, 2]);
    return { seed, theme, lengthMs, replicas, weather: fair, outages: [], isWatched };
  }
  const rates = (): Record<Port, number> => ({
    store: dice.oneOf([0, 0, 0.005, 0.02]),
    slack: dice.oneOf(rare),
    outside: dice.oneOf(rare),
    directory: dice.oneOf([0, 0, 0, 0.02]),
  });
  const lengthMs = dice.oneOf([1, 2, 3, 5]) * minuteMs;
  return {
    seed,
    theme,
    replicas: dice.oneOf([1, 2, 2, 3]),
    weather: {
      refused: rates(),
      lost: rates(),
      killed: dice.oneOf([0, 0.003, 0.01, 0.02]),
      paused: dice.oneOf([0, 0, 0.003, 0.01]),
      slow: dice.oneOf([0, 0.01, 0.05]),
    },
    outages: dice.happens(0.2) ? [outage(dice, lengthMs)] : [],
    lengthMs,
    isWatched,
  };
}

function outage(dice: Dice, lengthMs: number): Outage {
  const fromMs = dice.whole(0, lengthMs);
  const port = dice.oneOf(['slack', 'outside', 'directory'] as const);
  return {
    name: `${port} is away`,
    port,
    fromMs,
    untilMs: fromMs + dice.whole(10, 240) * secondMs,
  };
}
