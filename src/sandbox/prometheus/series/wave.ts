/** A number that swings: sums of cosines, of which the total up to any moment is known exactly. */

interface Term {
  readonly height: number;
  /** Radians a second; 0 is a constant. */
  readonly speed: number;
  readonly phase: number;
}

export interface Wave {
  readonly terms: readonly Term[];
}

export function constant(height: number): Wave {
  return { terms: [{ height, speed: 0, phase: 0 }] };
}

/** Swings once in `periodSeconds`, highest at `peakSeconds` (of any day, hour, ...: modulo the period). */
export function swing(height: number, periodSeconds: number, peakSeconds: number): Wave {
  const speed = (2 * Math.PI) / periodSeconds;
  return { terms: [{ height, speed, phase: -speed * peakSeconds }] };
}

export function sum(...waves: readonly Wave[]): Wave {
  return { terms: waves.flatMap(({ terms }) => terms) };
}

export function scaled({ terms }: Wave, factor: number): Wave {
  return { terms: terms.map((term) => ({ ...term, height: term.height * factor })) };
}

export function valueAt({ terms }: Wave, seconds: number): number {
  return terms.reduce(
    (total, { height, speed, phase }) => total + height * Math.cos(speed * seconds + phase),
    0,
  );
}

/** What has come together since the epoch: differences of it are exact for any span. */
export function totalAt({ terms }: Wave, seconds: number): number {
  return terms.reduce(
    (total, { height, speed, phase }) =>
      total + (speed === 0 ? height * seconds : (height / speed) * Math.sin(speed * seconds + phase)),
    0,
  );
}
