/**
 * Tells the platform channel of an edit that is not in force, once for each, and when all is well again. What is told
 * last is a row, so that neither a second replica nor a restart says it twice. The log has it in any case.
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
  close(): void;
}

export interface EditNewsOutlet {
  readonly store: Pick<Store, 'tellOnce'>;
  /** @throws ProblemError when it could not be said now. */
  post(news: DocumentNews): Promise<void>;
}

/** Half a file was caught while it was written, or whoever saved it saw it at once: that is no news. */
const patienceMs = 10 * secondMs;
/** How soon it is said again when Slack did not take it. */
const againMs = minuteMs;

export function createEditNews({ scheduler, log }: { scheduler: Scheduler; log: Log }): EditNews {
  /** By file: what has been heard of it last. */
  const newest = new Map<string, DocumentNews>();
  const alarms = new Set<{ cancel(): void }>();
  let outlet: EditNewsOutlet | undefined;
  let telling: Promise<void> = Promise.resolve();
  let isClosed = false;

  async function tell(news: DocumentNews, { store, post }: EditNewsOutlet, isAgain: boolean): Promise<void> {
    // Overtaken: what is said is how it stands, not how it stood.
    if (newest.get(news.file) !== news || isClosed) return;
    try {
      const state = news.mistakes.length === 0 ? '' : digestOf(news.mistakes);
      if (!isAgain && !(await store.tellOnce(news.file, state))) return;
      await post(news);
    } catch (error) {
      log.warn({ file: news.file, problem: problemFrom(error) }, 'news of an edit did not go out');
      later(againMs, () => queue(news, true));
    }
  }

  /** Also what fails because the store is closed before us leaves no process waiting. */
  function later(delayMs: number, fire: () => void): void {
    if (isClosed) return;
    const alarm = scheduler.after(delayMs, () => {
      alarms.delete(alarm);
      fire();
    });
    alarms.add(alarm);
  }

  function queue(news: DocumentNews, isAgain: boolean): void {
    const to = outlet;
    if (to) telling = telling.then(() => tell(news, to, isAgain));
  }

  return {
    hear(news) {
      newest.set(news.file, news);
      if (news.mistakes.length === 0) queue(news, false);
      else later(patienceMs, () => queue(news, false));
    },
    begin(to) {
      outlet = to;
      for (const news of newest.values()) queue(news, false);
    },
    settled: () => telling,
    close() {
      isClosed = true;
      for (const alarm of alarms) alarm.cancel();
    },
  };
}
