/**
 * How a service behaves: its traffic over the day, how many requests fail and how long they take, in stretches between
 * the moments at which something changed. Invented, but from its name alone, so that it is the same every time.
 */
import { valueAtMoment, type WorkloadPast } from './ledger.ts';
import { constant, scaled, sum, swing, type Wave } from './wave.ts';

export interface Stretch {
  readonly fromMs: number;
  /** 0 to 1, of all requests, beside those that always fail. */
  readonly errorShare: number;
  /** Of half of the requests, in seconds. */
  readonly medianSeconds: number;
}

export interface Behaviour {
  /** Requests a second, of all its Pods. */
  readonly traffic: Wave;
  /** Failures a second that there always are. */
  readonly failing: Wave;
  /** Those that go quickly; the others take longer. Their mix changes all the time. */
  readonly quick: Wave;
  /** The first begins with the service; each lasts until the next. Reckoned at the first call. */
  stretches(): readonly Stretch[];
}

const daySeconds = 86_400;
/** After a deploy, while connections move over. */
const unrestMs = 120_000;

export function behaviourOf(past: WorkloadPast): Behaviour {
  const key = `${past.namespace}/${past.name}`;
  const isBusy = past.namespace.endsWith('-production');
  const base = (isBusy ? 18 : 0.8) * (0.6 + 1.4 * chanceOf(past.name));
  const traffic = scaled(
    sum(
      constant(1),
      // Highest after lunch in Europe, lowest at night; meals and jobs ripple it.
      swing(0.42, daySeconds, 12.5 * 3600),
      swing(0.12, daySeconds / 2, 9 * 3600),
      swing(0.05, 5_400, 5_400 * chanceOf(`${key} ripple`)),
      swing(0.03, 700, 700 * chanceOf(`${key} wave`)),
    ),
    base,
  );
  const wobble = (height: number, of: string) =>
    scaled(
      sum(
        swing(height, 8_300, 8_300 * chanceOf(`${key} ${of} slow`)),
        swing(height / 2, 1_100, 1_100 * chanceOf(`${key} ${of} fast`)),
      ),
      base,
    );
  let stretches: readonly Stretch[] | undefined;
  return {
    traffic,
    failing: scaled(sum(traffic, wobble(0.2, 'errors')), 0.0003 + 0.0007 * chanceOf(`${key} errors`)),
    quick: sum(scaled(traffic, 0.5), wobble(0.1, 'latency')),
    stretches() {
      stretches ??= stretchesOf(past);
      return stretches;
    },
  };
}

function stretchesOf(past: WorkloadPast): Stretch[] {
  const deploys = past.versions.slice(1).map(({ at }) => at);
  const moments = [
    past.from,
    ...deploys,
    ...deploys.map((at) => at + unrestMs),
    ...[...past.wanted, ...past.available].map(({ at }) => at),
  ].filter((at) => at >= past.from);
  return [...new Set(moments)]
    .sort((one, other) => one - other)
    .map((fromMs) => {
      const share = shareAt(past, fromMs);
      const version = valueAtMoment(past.versions, fromMs) ?? '';
      const isUnquiet = deploys.some((at) => fromMs >= at && fromMs < at + unrestMs);
      const usualSeconds = 0.03 + 0.06 * chanceOf(`${past.name} latency`);
      return {
        fromMs,
        errorShare: Math.min(0.95, (isUnquiet ? 0.02 : 0) + 0.95 * (1 - share) ** 1.5),
        medianSeconds:
          usualSeconds * (0.8 + 0.5 * chanceOf(`${past.name} ${version}`)) * (1 + 2 * (1 - share)),
      };
    });
}

/** How much of what was wanted was there. */
function shareAt({ wanted, available }: WorkloadPast, ms: number): number {
  const most = valueAtMoment(wanted, ms) ?? 0;
  return most === 0 ? 0 : Math.min(1, (valueAtMoment(available, ms) ?? 0) / most);
}

/** From 0 up to 1, always the same for the same words. */
export function chanceOf(words: string): number {
  let hash = 0x811c9dc5;
  for (const character of words) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
