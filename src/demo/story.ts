/** What a story is made of. */
import type { Actor, Tell } from './actor.ts';
import { actor } from './actor.ts';
import type { Stage } from './stage.ts';

export interface Cast {
  readonly stage: Stage;
  /** Developer, team checkout. */
  readonly dana: Actor;
  /** Developer, team payments. */
  readonly priya: Actor;
  readonly max: Actor;
  /** SRE, on call. */
  readonly sam: Actor;
  readonly olga: Actor;
  /** Platform lead. */
  readonly lee: Actor;
  /** A guest. */
  readonly gil: Actor;
  /** From another company, in the shared channel. */
  readonly oda: Actor;
  readonly tell: Tell;
  /** @throws Error with `promise` when it does not hold. */
  holds(promise: string, isTrue: boolean): void;
}

export interface Story {
  readonly title: string;
  play(cast: Cast): Promise<void>;
}

export function castOf(stage: Stage, tell: Tell): Cast {
  return {
    stage,
    dana: actor(stage, 'U0DANA', 'Dana', tell),
    priya: actor(stage, 'U0PRIYA', 'Priya', tell),
    max: actor(stage, 'U0MAX', 'Max', tell),
    sam: actor(stage, 'U0SAM', 'Sam', tell),
    olga: actor(stage, 'U0OLGA', 'Olga', tell),
    lee: actor(stage, 'U0LEE', 'Lee', tell),
    gil: actor(stage, 'U0GIL', 'Gil (guest)', tell),
    oda: actor(stage, 'U0ODA', 'Oda (of another company)', tell),
    tell,
    holds(promise, isTrue) {
      if (!isTrue) throw new Error(`It did not hold that ${promise}.`);
      tell(`  ✓ ${promise}`);
    },
  };
}
