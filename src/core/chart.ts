/** A small chart as data: what a picture, Slack's own chart or a sentence is made from. */
import type { Moment } from './ids.ts';

/** Charts that are drawn side by side. */
export interface ChartSheet {
  /** Of the picture as a file: `payments-production-1h.png`. */
  readonly name: string;
  /** Over all of them: "payments in production, last 1h". */
  readonly title: string;
  /** The IANA zone of the times on the axes. */
  readonly zone: string;
  readonly charts: readonly Chart[];
}

export interface Chart {
  /** What is drawn, in two or three words: "Latency". */
  readonly title: string;
  /** How its numbers are written. */
  readonly unit: ChartUnit;
  /** Where the horizontal axis begins and ends. */
  readonly from: Moment;
  readonly to: Moment;
  readonly lines: readonly ChartLine[];
  /** Moments worth a vertical line. */
  readonly marks: readonly ChartMark[];
  /** Why nothing is drawn, as one short sentence; with it `lines` are empty. */
  readonly gap?: string;
}

/** `ratio`: 0 to 1, written as per cent. */
export type ChartUnit = 'perSecond' | 'ratio' | 'seconds';

export interface ChartLine {
  /** Written at its end, so that colour is never the only sign: "p95". */
  readonly name: string;
  /** Oldest first; what is missing between two of them is drawn as a gap when it is longer than `gapMs`. */
  readonly points: readonly ChartPoint[];
  /** Two points further apart than this are not joined, in milliseconds. */
  readonly gapMs: number;
}

export interface ChartPoint {
  readonly at: Moment;
  readonly value: number;
}

export interface ChartMark {
  readonly at: Moment;
  /** A version, mostly. */
  readonly label: string;
}
