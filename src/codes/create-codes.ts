/**
 * People's second factors: set up once, tried a few times, spent at most once. No key to seal with means no codes, and
 * whatever wants one is refused: it is never skipped.
 */
import {
  type Codes,
  type CodeUse,
  codeLimits,
  codesLocked,
  codesOff,
  type NewKey,
  notEnrolled,
  wrongCode,
} from '../core/codes.ts';
import type { Moment } from '../core/ids.ts';
import type { Person } from '../core/person.ts';
import type { Clock, Log } from '../core/ports.ts';
import { ok, type Problem, problem, problemFrom, type Result, refuse } from '../core/problem.ts';
import type { Store } from '../core/store.ts';
import { createSeals } from './sealing.ts';
import { addressOf, newSecret, stepOf } from './time-codes.ts';

export interface CodesOptions {
  readonly store: Store;
  /** By id, the one that seals first; empty when none was given. */
  readonly keys: ReadonlyMap<string, Buffer>;
  readonly clock: Clock;
  readonly log: Log;
  /** Says something to one person, wherever they are. */
  tell(person: Person['id'], text: string): Promise<void>;
}

const tryLimit = { max: codeLimits.triesMax.value, withinMs: codeLimits.triesWithinMs.value };

export function createCodes({ store, keys, clock, log, tell }: CodesOptions): Codes {
  const seals = createSeals(keys);

  /** One try, counted before it is looked at. `secret` is sealed; nothing of what is wrong is told. */
  async function attempt(
    person: Person,
    secret: string,
    code: string,
    lastStep: number,
  ): Promise<Result<CodeUse>> {
    const now = clock.now();
    const tried = await store.tryCode(person.id, now, tryLimit);
    if ('lockedSince' in tried) {
      log.warn({ person: person.id, code: 'code_locked' }, 'a code came while codes are locked');
      return refuse(codesLocked(tried.lockedSince + tryLimit.withinMs, now));
    }
    const opened = seals?.open(secret, person.id);
    if (opened === undefined) {
      log.error({ person: person.id }, 'a second factor cannot be opened: its key is not among the settings');
      return refuse(unreadable());
    }
    const step = stepOf(opened, code, now);
    if (step === undefined || step <= lastStep) {
      const wrong = wrongCode(tried.left);
      log.warn({ person: person.id, code: wrong.code, left: tried.left }, 'a code was refused');
      return refuse(wrong);
    }
    await store.codeWasRight(person.id, now);
    if (seals && !seals.isNewest(secret)) {
      await store.resealCode(person.id, secret, seals.seal(opened, person.id));
    }
    return ok({ person: person.id, step });
  }

  return {
    async begin(person): Promise<Result<NewKey>> {
      if (!seals) return refuse(codesOff());
      const key = newSecret();
      await store.beginCode(person.id, seals.seal(key, person.id), clock.now());
      const kept = await store.keptCode(person.id);
      const address = addressOf(key, person.email ?? person.name);
      return ok({ key, address, replaces: kept?.secret !== undefined });
    },

    async confirm(person, code, oldCode): Promise<Result<undefined>> {
      if (!seals) return refuse(codesOff());
      const kept = await store.keptCode(person.id);
      const { pending, secret, lastStep = 0 } = kept ?? {};
      if (!pending || isStale(pending.at, clock.now())) return refuse(beginAnew());
      const old = secret === undefined ? undefined : await oldUse(person, secret, oldCode, lastStep);
      if (old && !old.ok) return refuse(ofOldKey(old.problem));
      const fresh = await attempt(person, pending.secret, code, 0);
      if (!fresh.ok) return fresh;
      const confirmed = { sealed: pending.secret, step: fresh.value.step, at: clock.now() };
      const isDone = await store.confirmCode(person.id, confirmed, old?.value);
      if (!isDone) return refuse(beginAnew());
      log.info({ person: person.id, isNew: secret === undefined }, 'a second factor was set up');
      // Not waited for: the form wants its answer within seconds.
      void tell(person.id, setUpText(secret !== undefined)).catch((error: unknown) => {
        log.warn({ person: person.id, problem: problemFrom(error) }, 'a new second factor could not be told');
      });
      return ok(undefined);
    },

    async check(person, code): Promise<Result<CodeUse>> {
      if (!seals) return refuse(codesOff());
      const kept = await store.keptCode(person.id);
      if (kept?.secret === undefined) return refuse(notEnrolled());
      return attempt(person, kept.secret, code, kept.lastStep);
    },

    async reset(person, by): Promise<boolean> {
      const was = await store.removeCode(person.id);
      log.warn({ person: person.id, by: by.id, was }, 'a second factor was reset');
      await tell(person.id, resetText(by));
      return was;
    },

    enrolledAt: async (person) => (await store.keptCode(person.id))?.enrolledAt,
  };

  /** Whoever has only the telephone of Slack must not be able to make themselves a new key. */
  function oldUse(
    person: Person,
    secret: string,
    oldCode: string | undefined,
    lastStep: number,
  ): Promise<Result<CodeUse>> {
    return oldCode === undefined
      ? Promise.resolve(refuse(oldCodeNeeded()))
      : attempt(person, secret, oldCode, lastStep);
  }
}

function isStale(at: Moment, now: Moment): boolean {
  return now - at > codeLimits.enrolWithinMs.value;
}

function setUpText(isReplaced: boolean): string {
  const what = isReplaced
    ? 'Your second factor was replaced: codes of the old key no longer count.'
    : 'A second factor was set up for you: some answers now ask for a code of your authenticator app.';
  return `${what} If that was not you, tell the platform team at once.`;
}

function resetText(by: Person): string {
  return `${by.name} has reset your second factor: its codes no longer count. Set up a new one with \`/code enrol\`. If you did not ask for that, tell the platform team at once.`;
}

function beginAnew() {
  return problem(
    'out_of_date',
    'This key is no longer the one that was shown to you last.',
    'Begin again with `/code enrol`.',
  );
}

function oldCodeNeeded() {
  return problem(
    'code_needed',
    'You have a second factor already, so a code of that one is needed as well.',
    'Type one; if it is lost, ask a platform lead for `/code reset` with your name.',
  );
}

/** In a form with two codes: which of them it is about. */
function ofOldKey(cause: Problem): Problem {
  return { ...cause, fields: { oldCode: cause.sentence } };
}

function unreadable() {
  return problem(
    'codes_off',
    'Your second factor cannot be read any more: the key that it was sealed with is gone.',
    'Ask whoever runs Greenlight to put it back, or a platform lead to reset your second factor.',
  );
}
