/**
 * Tells the platform channel of an edit that is not in force, once for each, and when all is well again. What is told
 * last is a row, so that neither a second replica nor a restart says it twice. What could not be said waits in that row
 * for whichever replica can, since whoever tried may be gone when Slack is back. The log has it in any case.
 */
import { digestOf } from '../core/digest.ts';
import { minuteMs, secondMs } from '../core/duration.ts';
import type { Log, Scheduler } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import type { Store } from '../core/store.ts';
import type { DocumentNews } from '../documents/document-news.ts';

export interface EditNews {
  /** Also before there is anybody to tell. */
  hear(news: DocumentNews): void;
  begin(to: EditNewsOutlet): void;
  /** Resolves when what was heard so far is told, or is to be tried again. */
  settled(): Promise<void>;
  /** Resolves when nothing is under way: what cannot be said any more waits for others by then. */
  close(): Promise<void>;
}

export interface EditNewsOutlet {
  readonly store: Pick<Store, 'tellOnce' | 'couldNotTell' | 'tellAgain'>;
  /** @throws ProblemError when it could not be said now. */
  post(news: DocumentNews): Promise<void>;
}

/** Half a file was caught while it was written, or whoever saved it saw it at once: that is no news. */
const patienceMs = 10 * secondMs;
/** How soon it is said again when Slack did not take it, here or at another replica. */
const againMs = minuteMs;

interface Heard {
  readonly news: DocumentNews;
  /** As the store knows it; empty when all is well. */
  readonly state: string;
  /** Whether it is left to us to say it; the store was not asked yet where this is missing. */
  isOurs?: boolean;
}

export function createEditNews({ scheduler, log }: { scheduler: Scheduler; log: Log }): EditNews {
  /** By file: what has been heard of it last. */
  const newest = new Map<string, Heard>();
  /** By file: when it is looked at again. */
  const alarms = new Map<string, { cancel(): void }>();
  let outlet: EditNewsOutlet | undefined;
  let telling: Promise<void> = Promise.resolve();
  let isClosed = false;

  /** Overtaken: what is said is how it stands, not how it stood. */
  const isOver = (heard: Heard) => isClosed || newest.get(heard.news.file) !== heard;

  async function tell(heard: Heard, { store, post }: EditNewsOutlet): Promise<void> {
    if (isOver(heard)) return;
    const { news } = heard;
    try {
      heard.isOurs ||= await isForUs(heard, store);
      if (heard.isOurs) await post(news);
      heard.isOurs = false;
    } catch (error) {
      // What others say is asked for again and again: that the store is away then is said by all else.
      if (heard.isOurs !== false)
        log.warn({ file: news.file, problem: problemFrom(error) }, 'news of an edit did not go out');
      if (heard.isOurs) await leaveToOthers(heard, store);
    }
    // Also when others say it: they may fail, and be gone when Slack is back.
    later(againMs, heard);
  }

  function isForUs({ news, state, isOurs }: Heard, store: EditNewsOutlet['store']): Promise<boolean> {
    return isOurs === undefined ? store.tellOnce(news.file, state) : store.tellAgain(news.file, state);
  }

  /** We are among them. It stays ours where the store is away as well. */
  async function leaveToOthers(heard: Heard, store: EditNewsOutlet['store']): Promise<void> {
    const { file } = heard.news;
    try {
      await store.couldNotTell(file, heard.state);
      heard.isOurs = false;
    } catch (error) {
      log.warn({ file, problem: problemFrom(error) }, 'news of an edit could not be left to others');
    }
  }

  /** Also what fails because the store is closed before us leaves no process waiting. */
  function later(delayMs: number, heard: Heard): void {
    if (isOver(heard)) return;
    const { file } = heard.news;
    alarms.get(file)?.cancel();
    alarms.set(
      file,
      scheduler.after(delayMs, () => queue(heard)),
    );
  }

  function queue(heard: Heard): void {
    const to = outlet;
    if (to) telling = telling.then(() => tell(heard, to));
  }

  return {
    hear(news) {
      const isWell = news.mistakes.length === 0;
      const heard: Heard = { news, state: isWell ? '' : digestOf(news.mistakes) };
      newest.set(news.file, heard);
      if (isWell) queue(heard);
      else later(patienceMs, heard);
    },
    begin(to) {
      outlet = to;
      for (const heard of newest.values()) queue(heard);
    },
    settled: () => telling,
    async close() {
      isClosed = true;
      for (const alarm of alarms.values()) alarm.cancel();
      await telling;
    },
  };
}
