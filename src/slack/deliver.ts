/** Says one row of the outbox, and writes down what became of it: said, or when to try again and what else has to wait. */
import { secondMs } from '../core/duration.ts';
import type { Moment, RequestId } from '../core/ids.ts';
import type { Clock, Log, Messenger, PostedCard, Sending } from '../core/ports.ts';
import { type Problem, ProblemError, problem, problemFrom } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import type { OutboxItem, Speech, Store } from '../core/store.ts';
import { blameOf, SlackCallError } from './errors.ts';
import type { Entry } from './outbox-entries.ts';
import { interrupted, type Turns } from './outbox-queues.ts';
import { type Pace, retryAt } from './pace.ts';

export interface DeliveryOptions {
  readonly store: Store;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly log: Log;
  readonly pace: Pace;
  /** From 0 to 1: spreads what failed together. */
  draw(): number;
  /** That it is us who speak, and what of it others have to mind. */
  speech(made: Turns['made']): Speech;
  shown(item: OutboxItem): void;
  /** Somebody else speaks by now. */
  silenced(): void;
}

export interface Delivery {
  /** Never throws. */
  deliver(entry: Entry, turns: Turns): Promise<void>;
  /** It could not even be tried. Never throws. */
  failed(item: OutboxItem, cause: Problem): Promise<void>;
  /**
   * We do not speak just now, and nothing is under way: asks once more what counts of that whose end the store does not
   * know, and sets right what does not, as others may have spoken meanwhile. Resolves when nothing of it is left.
   * @throws ProblemError when the store cannot tell now: to be tried again before our next turn begins.
   */
  settle(): Promise<void>;
  /** @throws ProblemError when the store does not hold it. */
  requestOf(item: OutboxItem): Promise<PlatformRequest>;
}

/** What Slack has: to be written down, or said again it would be there twice. */
interface Said {
  /** `false` when somebody else speaks by now. */
  record(speech: Speech): Promise<boolean>;
  /** The card as we have shown it; none where it was a line. */
  readonly shown?: PostedCard;
}

/** Begun, and not known to have ended: it may be there, also where the store could not be told that it failed. */
interface Begun {
  readonly item: OutboxItem;
  /** `ts` of the card that it edits: the edit may arrive long after we have given up. */
  readonly edits?: string | undefined;
  /** It is there. */
  readonly said?: Said;
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const { store, messenger, clock, log, pace } = options;
  const begun = new Map<number, Begun>();

  async function deliver(entry: Entry, turns: Turns): Promise<void> {
    const { item } = entry;
    try {
      const said = begun.get(item.id)?.said ?? (await send(entry, turns));
      for (const call of turns.made) pace.went(call);
      begun.set(item.id, { item, said });
      if (await said.record(options.speech(turns.made))) begun.delete(item.id);
      else options.silenced();
    } catch (error) {
      await afterFailure(entry, error, turns);
    }
  }

  async function send({ item, isLeft }: Entry, { turn }: Turns): Promise<Said> {
    const request = await requestOf(item);
    const posted = await store.postedCard(item.requestId);
    const sending: Sending = { mayBeThere: isLeft || item.attempts > 0 || begun.has(item.id), turn };
    begun.set(item.id, { item, edits: item.notice ? undefined : posted?.ts });
    if (item.notice) {
      if (await messenger.tell(item.notice, request, posted, sending)) {
        return { record: (speech) => store.noticeTold(item, speech) };
      }
      if (posted) await store.cardMissed(item.requestId, posted.ts, clock.now());
      throw new ProblemError(cardIsGone(item));
    }
    const history = await store.history(item.requestId);
    const shown = await messenger.showCard(request, history, posted, sending);
    options.shown(item);
    return { record: (speech) => store.cardShown(item, shown, speech), shown };
  }

  async function settle(): Promise<void> {
    for (const [id, one] of begun) {
      // Under the lease under which it was said.
      const doesCount = await one.said?.record(options.speech([]));
      if (doesCount === false) {
        const request = one.item.requestId;
        log.warn({ request }, 'another replica speaks by now: what this one said does not count');
      }
      if (!doesCount) await withdraw(one);
      begun.delete(id);
    }
  }

  /**
   * While we were held up somebody else may have spoken: a card of ours beside theirs is one too many, and one of theirs
   * that we have edited may say what was.
   */
  async function withdraw({ item: { requestId }, edits, said }: Begun): Promise<void> {
    const { shown } = said ?? {};
    const card = await store.postedCard(requestId);
    // Not posted by anybody else so far: whoever speaks finds ours by its mark.
    if (!card) return;
    if (card.ts === (shown?.ts ?? edits)) await store.cardMissed(requestId, card.ts, clock.now());
    else if (shown) await takeBack(shown, card, requestId);
  }

  async function takeBack(shown: PostedCard, card: PostedCard, request: RequestId): Promise<void> {
    try {
      await messenger.takeBack(shown, request, card);
    } catch (error) {
      // Whoever speaks finds it, as one too many.
      log.warn({ request, problem: problemFrom(error) }, 'a second card could not be taken away');
    }
  }

  async function afterFailure({ item, call }: Entry, error: unknown, { made }: Turns): Promise<void> {
    const cause = problemFrom(error);
    if (cause === interrupted) return;
    const blame = blameOf(error);
    const failing =
      error instanceof SlackCallError ? made.findLast(({ method }) => method === error.method) : undefined;
    const now = clock.now();
    const isHopeless = blame === 'message' && cause.isTransient !== true;
    const at = retryAt(cause, item.attempts, now, options.draw(), isHopeless);
    if (blame === 'workspace') {
      const until = retryAt(cause, lockedOutAttempts, now, options.draw());
      pace.pauseAll(until);
      log.error({ problem: cause, againInMs: until - now }, 'Slack lets us in no longer: nothing is sent');
    } else if (blame === 'channel') {
      const { channel } = failing ?? call;
      // Whatever failed: most calls have one pace for all channels, and the others have done nothing.
      const until = pace.failed({ method: 'chat.postMessage', channel }, cause, options.draw());
      log.error({ problem: cause, channel, againInMs: until - now }, 'nothing can be written to a channel');
    } else if (blame === 'slack') pace.failed(failing ?? call, cause, options.draw());
    await note(item, cause, at, made);
  }

  async function note(item: OutboxItem, cause: Problem, at: Moment, made: Turns['made']): Promise<void> {
    log.warn(
      {
        request: item.requestId,
        notice: item.notice?.key,
        attempts: item.attempts + 1,
        againInMs: at - clock.now(),
        problem: cause,
      },
      'a message did not go out',
    );
    try {
      if (!(await store.outboxFailed(item, at, cause, options.speech(made)))) options.silenced();
    } catch (error) {
      // The row still says "due now": without a pause this would turn into a busy loop.
      pace.pauseAll(clock.now() + unwrittenMs);
      log.error({ problem: problemFrom(error) }, 'the outbox could not be written');
    }
  }

  async function requestOf(item: OutboxItem): Promise<PlatformRequest> {
    const request = await store.load(item.requestId);
    if (!request) throw lost(`the outbox speaks of ${item.requestId}, which the store does not hold`);
    return request;
  }

  return {
    deliver,
    failed(item, cause) {
      const isHopeless = cause.isTransient !== true;
      return note(item, cause, retryAt(cause, item.attempts, clock.now(), options.draw(), isHopeless), []);
    },
    settle,
    requestOf,
  };
}

/** How long nothing is sent when it could not be written down that a message did not go out. */
const unwrittenMs = 2 * secondMs;

/** As if so many had failed before: a minute, within which somebody may have put it right. */
const lockedOutAttempts = 6;

/** The card goes first when both are tried again. */
function cardIsGone({ requestId }: OutboxItem): Problem {
  return problem('outside_unavailable', `The card of ${requestId} is gone.`, 'It is posted anew first.', {
    isTransient: true,
  });
}

function lost(detail: string): ProblemError {
  return new ProblemError(
    problem(
      'internal',
      'Greenlight has lost track of a message.',
      'Tell the platform team: the database needs a look.',
      { detail },
    ),
  );
}
