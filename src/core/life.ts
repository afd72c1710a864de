/**
 * An environment's life after it was made: what may become of it, and what is known of it because of that. All of it is
 * folded from events of the request that made it.
 */
import type { Moment, RequestId } from './ids.ts';

/** Money as whole numbers, so that a sum is the same in any order: millionths of the catalog's currency. */
export type Micros = number;

/** `HH:MM` in the catalog's zone; `off`: never by itself. */
export type Nights = { readonly from: string; readonly to: string } | 'off';

/** What a request may do to an environment that another request made. Each is an event there, under the same name. */
export type LifeChange =
  /** It was taken away. */
  | { readonly type: 'retired' }
  /** `from`: the end that was to be moved; any other by now is not what was agreed to. */
  | { readonly type: 'extended'; readonly from: Moment; readonly until: Moment }
  /** The same, as far as the catalog lets one be kept. */
  | { readonly type: 'kept'; readonly from: Moment; readonly until: Moment }
  /** `perHour`: what it costs from now on. `wakesAt`: when it is woken by itself. `end`: when that was moved as well. */
  | {
      readonly type: 'slept';
      readonly perHour: Micros;
      readonly wakesAt?: Moment;
      readonly end?: { readonly from: Moment; readonly until: Moment };
    }
  | { readonly type: 'woken'; readonly perHour: Micros }
  /** When it sleeps by itself from now on. */
  | { readonly type: 'scheduled'; readonly nights: Nights | 'default' }
  | { readonly type: 'handed_over'; readonly team: string }
  /** What was changed by hand is as it was made. */
  | { readonly type: 'repaired' };

/** What was seen of an environment, by nobody's request. */
export type LifeSighting =
  /** Its namespace is no longer there, and no request took it away. */
  | { readonly type: 'gone' }
  /** The catalog's prices have changed. */
  | { readonly type: 'repriced'; readonly perHour: Micros }
  /** Somebody was seen to use it. */
  | { readonly type: 'used' };

export interface LifeSpan {
  readonly from: Moment;
  readonly isAsleep: boolean;
  readonly perHour: Micros;
  /** Who pays for it. */
  readonly team: string;
}

export interface Life {
  /** What it cost, oldest first and without a gap; the last goes on until `endedAt`. */
  readonly spans: readonly LifeSpan[];
  /** The requests that have changed it: a change that is reported twice is made once. */
  readonly changedBy: readonly RequestId[];
  /** When a person last did something with it. */
  readonly usedAt: Moment;
  readonly sleep?: { readonly since: Moment; readonly wakesAt?: Moment };
  /** Its own, instead of the catalog's. */
  readonly nights?: Nights;
  readonly keptBy?: RequestId;
  readonly goneAt?: Moment;
  readonly endedAt?: Moment;
}

/** From an amount of the currency. */
export function micros(amount: number): Micros {
  return Math.round(amount * 1_000_000);
}

const msPerHour = 3_600_000n;
const microsPerCent = 10_000n;

type Spans = Pick<Life, 'spans' | 'endedAt'>;

/** A part of a life in which nothing that costs changed. */
export interface LifePiece extends LifeSpan {
  readonly to: Moment;
}

/** What of a life lies between two moments, oldest first. */
export function piecesBetween({ spans, endedAt }: Spans, from: Moment, to: Moment): readonly LifePiece[] {
  const end = Math.min(to, endedAt ?? to);
  return spans
    .map((span, index) => ({
      ...span,
      from: Math.max(from, span.from),
      to: Math.min(end, spans[index + 1]?.from ?? end),
    }))
    .filter((piece) => piece.to > piece.from);
}

/** What pieces cost, in whole cents, half a cent rounded up. Exact: nothing is rounded before the end. */
export function centsOf(pieces: readonly LifePiece[]): number {
  const sum = pieces.reduce(
    (total, { from, to, perHour }) => total + BigInt(Math.trunc(to - from)) * BigInt(perHour),
    0n,
  );
  const perCent = microsPerCent * msPerHour;
  return Number((sum * 2n + perCent) / (perCent * 2n));
}

export function centsBetween(life: Spans, from: Moment, to: Moment): number {
  return centsOf(piecesBetween(life, from, to));
}
