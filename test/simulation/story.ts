/** What happened, in the order in which it did: told when a promise is broken. */
import type { Moment } from '../../src/core/ids.ts';

export interface Story {
  act(at: Moment, name: string, words: string): void;
  fault(at: Moment, name: string, words: string): void;
  /** What became of it, in the store or outside. */
  note(at: Moment, words: string): void;
  /** The names of all decisions that came about. */
  decisions(): readonly string[];
  lines(): readonly string[];
}

export function createStory(begin: Moment): Story {
  const told: string[] = [];
  const decided = new Set<string>();
  const tell = (at: Moment, words: string) => void told.push(`${clockOf(at - begin)}  ${words}`);
  return {
    act(at, name, words) {
      decided.add(name);
      tell(at, words);
    },
    fault(at, name, words) {
      // An outage is one decision, however many calls meet it.
      if (decided.has(name) && name === words) return;
      decided.add(name);
      tell(at, `  ! ${words}`);
    },
    note: (at, words) => tell(at, `    ${words}`),
    decisions: () => [...decided],
    lines: () => told,
  };
}

/** `+2:05.125`: minutes, seconds and milliseconds since the beginning. */
function clockOf(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const seconds = String(Math.floor(ms / 1_000) % 60).padStart(2, '0');
  return `+${minutes}:${seconds}.${String(ms % 1_000).padStart(3, '0')}`.padStart(10);
}
