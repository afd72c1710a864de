/** What is done with every edit of a file, or a folder of files, of `data/`: told once, to the log and to whoever hears news. */
import { join } from 'node:path';
import type { FreshOptions } from '../blueprints/keep-fresh.ts';
import type { Clock, Log, Scheduler } from '../core/ports.ts';
import { formatMistake, type Mistake } from '../documents/document.ts';
import type { DocumentNews } from '../documents/document-news.ts';
import type { WatchOptions } from '../documents/watch-document.ts';

export interface EditSurroundings {
  readonly log: Log;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  /** Each bad edit once, and each good one. */
  onNews?(news: DocumentNews): void;
}

export interface Edits {
  /** How one file is watched. */
  ofFile(name: string): Pick<WatchOptions<never>, 'path' | 'name' | 'timers' | 'onMistakes'>;
  /** How a folder of files, here or in a repository, is kept fresh. */
  ofFolder(name: string): Pick<FreshOptions<never>, 'name' | 'timers' | 'now' | 'onMistakes' | 'onAway'>;
  /** A new version is in force. */
  good(name: string, more?: Readonly<Record<string, unknown>>): void;
  /** It was good as it was found: whoever was told otherwise before the last stop hears of it. */
  found(name: string): void;
}

/** @param folder where the files are: `data/` to people, wherever that is. */
export function editsIn(folder: string, surroundings: EditSurroundings): Edits {
  const { log, scheduler, clock } = surroundings;
  const timers = {
    after: (ms: number, call: () => void) => {
      const timer = scheduler.after(ms, call);
      return () => timer.cancel();
    },
  };
  const tell = (name: string, mistakes: readonly string[]) =>
    surroundings.onNews?.({ file: `data/${name}`, mistakes });
  const bad = (name: string) => (found: readonly Mistake[]) => {
    const mistakes = found.map(formatMistake);
    log.error({ file: name, mistakes }, 'a bad edit: the last good version stays in force');
    tell(name, mistakes);
  };
  return {
    ofFile: (name) => ({ path: join(folder, name), name: `data/${name}`, timers, onMistakes: bad(name) }),
    ofFolder: (name) => ({
      name: `data/${name}`,
      timers,
      now: () => clock.now(),
      onMistakes: bad(name),
      onAway: (why) => log.warn({ file: name, why }, 'the last good version stays in force'),
    }),
    good(name, more = {}) {
      log.info({ file: name, ...more }, 'a new version is in force');
      tell(name, []);
    },
    found: (name) => tell(name, []),
  };
}
