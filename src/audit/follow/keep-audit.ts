/** What the audit needs while the bot runs: checkpoints signed, anchored outside, entries streamed, old content redacted. */
import { keepLooking } from '../../background/keep-looking.ts';
import { dayMs, formatDuration, hourMs, minuteMs, secondMs } from '../../core/duration.ts';
import type { Clock, Log, Scheduler } from '../../core/ports.ts';
import { problemFrom } from '../../core/problem.ts';
import { checkpointLine, type Signer } from '../checkpoint.ts';
import { lineOf } from '../line.ts';
import { redactAll } from '../redact-all.ts';
import { claimWhenDue } from './due.ts';
import { createFollower, type FollowedStore, type Portion } from './follower.ts';
import type { Deliver } from './places.ts';
import { createSigning } from './sign.ts';

export interface Followed {
  /** In logs: nothing secret. */
  readonly name: string;
  readonly deliver: Deliver;
  /** Where on this machine it can be read again. */
  readonly file?: string;
}

export interface KeepAuditOptions {
  readonly store: FollowedStore;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  draw(): number;
  /** None: nothing is signed. */
  readonly signer?: Signer;
  /** Get the newest checkpoint, at most every hour. */
  readonly anchors: readonly Followed[];
  /** Get every entry. */
  readonly sinks: readonly Followed[];
  /** How long content is kept of requests that are over; for good when not given. */
  readonly keepMs?: number;
}

export interface KeptAudit {
  /** Does what is due now. */
  look(): Promise<void>;
  /** Signs once more, for those who look while the bot does not run. */
  stop(): Promise<void>;
}

/** How late a sink may hear of something. */
const lookMs = 5 * secondMs;
const signEveryMs = 5 * minuteMs;
const anchorEveryMs = hourMs;
const redactEveryMs = dayMs;
/** What one delivery carries: half a megabyte or so. */
const portionMax = 200;

/** Nothing at all when nothing is set: the chain itself needs nobody. */
export function keepAudit(options: KeepAuditOptions): KeptAudit | undefined {
  const { store, clock, scheduler, log, signer, keepMs } = options;
  if (!signer && options.sinks.length === 0 && keepMs === undefined) return undefined;
  const witnesses = options.anchors.flatMap(({ file }) => file ?? []);
  const sign = signer && createSigning({ store, signer, clock, log, witnesses });
  const followers = [
    ...options.anchors.map((anchor) =>
      createFollower({
        ...options,
        ...anchor,
        everyMs: anchorEveryMs,
        read: (after) => newestCheckpoint(store, after),
      }),
    ),
    ...options.sinks.map((sink) =>
      createFollower({ ...options, ...sink, read: (after) => nextEntries(store, after) }),
    ),
  ];
  let signAt = 0;

  const looking = keepLooking(scheduler, async () => {
    try {
      if (sign && clock.now() >= signAt) {
        signAt = clock.now() + signEveryMs;
        await sign();
      }
      if (keepMs !== undefined) await redactWhenDue(options, keepMs);
    } catch (error) {
      log.error({ problem: problemFrom(error) }, 'the audit could not be looked after');
    }
    await Promise.all(followers.map((one) => one.look()));
    return lookMs;
  });

  return {
    look: looking.look,
    async stop() {
      await looking.stop();
      await sign?.().catch((error: unknown) =>
        log.error({ problem: problemFrom(error) }, 'the end of the audit could not be signed'),
      );
    },
  };
}

const redacting = { name: 'audit redaction', leaseMs: 10 * minuteMs, longestMs: redactEveryMs };

/** A row says when, so that it is done once a day however many replicas run, and after a long sleep too. */
async function redactWhenDue({ store, clock, log }: KeepAuditOptions, keepMs: number): Promise<void> {
  const now = clock.now();
  if (!(await claimWhenDue(store, redacting, now))) return;
  const rule = `kept for ${formatDuration(keepMs)}`;
  const done = await redactAll(store, { before: now - keepMs }, rule, now);
  if (done.requests + done.looks > 0) log.info({ ...done, rule }, 'what is long over was redacted');
  if (done.left.length > 0) log.error({ requests: done.left, rule }, 'requests could not be redacted');
  await store.setTimer(redacting.name, now + redactEveryMs);
}

async function newestCheckpoint(store: FollowedStore, after: number): Promise<Portion | undefined> {
  const { signed } = await store.newestCheckpoint(after, () => true);
  return signed && { lines: [checkpointLine(signed)], upTo: signed.checkpoint.position };
}

async function nextEntries(store: FollowedStore, after: number): Promise<Portion | undefined> {
  const entries = await store.auditEntries(after, portionMax);
  const last = entries.at(-1);
  return last && { lines: entries.map(lineOf), upTo: last.link.position };
}
