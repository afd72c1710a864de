/**
 * Kept clicks whose process has ended over them: carried out as if they were clicked now, or given back to whoever clicked,
 * with a word that they should look.
 */
import type { Moment, PersonId, RequestId } from '../core/ids.ts';
import type { Log } from '../core/ports.ts';
import { type Problem, problem, problemFrom } from '../core/problem.ts';
import type { LapsedClick } from '../core/store.ts';
import type { Ack, Deliveries, Hands } from './hands.ts';
import type { InTurn } from './in-turn.ts';
import type { Delivery } from './ingress.ts';
import { openClick } from './kept-click.ts';
import { type Payload, personIdOf, readPayload } from './payload.ts';

export type Handle = (delivery: Delivery) => Promise<void>;

export interface ResumeOptions {
  readonly deliveries: Pick<Deliveries, 'handled' | 'isOurs'>;
  readonly hands: Pick<Hands, 'again'>;
  readonly inTurn: InTurn;
  /** What is kept is signed with it. */
  readonly secret: string;
  /** Whether this person has done something about this request, or asked for anything, since then. */
  hasActedSince(by: PersonId, about: RequestId | undefined, since: Moment): Promise<boolean>;
  readonly log: Log;
  /** Counted as in flight while `work` lasts, with an acknowledgement that Slack has had long ago. */
  counted(opened: Opened, work: (ack: Ack) => Promise<void>): Promise<void>;
  toItsEnd(payload: Payload, ack: Ack, handle: (send: Ack['send']) => Promise<void>): Promise<void>;
  answer(payload: Payload, ack: Ack, cause: Problem): Promise<void>;
}

/** A kept click, read again. */
export interface Opened {
  readonly click: LapsedClick;
  readonly body: Record<string, unknown>;
  readonly payload: Payload;
}

/** What it gives never rejects. */
export function createResume(
  options: ResumeOptions,
): (clicks: readonly LapsedClick[], handle: Handle) => Promise<void> {
  const { deliveries, hands, inTurn, secret, log, counted, toItsEnd, answer } = options;

  async function open(click: LapsedClick): Promise<Opened | undefined> {
    try {
      const body = openClick(click.key, click.click, secret);
      return { click, body, payload: readPayload(body) };
    } catch (error) {
      log.error({ problem: problemFrom(error) }, 'a kept click could not be carried out');
      // It would be no other the next time.
      await deliveries.handled(click.key).catch(() => {});
      return undefined;
    }
  }

  function carryOut(opened: Opened, isOneOfSeveral: boolean, handle: Handle): Promise<void> {
    const { click, body, payload } = opened;
    const isGivenBack = async () =>
      click.isLate ||
      isOneOfSeveral ||
      hasLapsed(deliveries, click.key) ||
      (await isSuperseded(click, payload));
    return counted(opened, (ack) =>
      hands.again(click.key, payload, ack, () =>
        inTurn(giverOf(payload), async () => {
          if (await isGivenBack()) return answer(payload, ack, mayNotCount(payload));
          await toItsEnd(payload, ack, (send) => handle({ body, ack: send }));
        }),
      ),
    );
  }

  /** Unknown is as good as yes: they are asked to look. */
  async function isSuperseded({ at }: LapsedClick, { place }: Payload): Promise<boolean> {
    if (!place) return true;
    return options.hasActedSince(personIdOf(place), place.about, at).catch(() => true);
  }

  return async (clicks, handle) => {
    const opened = await Promise.all(clicks.map(open));
    const alike = Object.groupBy(
      opened.flatMap((one) => one ?? []),
      ({ payload }) => giverOf(payload),
    );
    // Two of one person on one request may undo each other, and nobody knows which they would have clicked once more.
    await Promise.all(
      Object.values(alike).flatMap((all = []) => all.map((one) => carryOut(one, all.length > 1, handle))),
    );
  };
}

/** Another may have carried it out by now, and its giver have taken it back since. */
export function hasLapsed(deliveries: Pick<Deliveries, 'isOurs'>, key: string | undefined): boolean {
  return key !== undefined && !deliveries.isOurs(key);
}

/** Who it is of, and about which request. */
export function giverOf({ place }: Payload): string {
  return `${place?.user} ${place?.about}`;
}

export function mayNotCount({ place, what }: Payload): Problem {
  const where = place?.about === undefined ? '' : ` on ${place.about}`;
  return problem(
    'busy',
    `Greenlight was interrupted when you clicked${where}, so your click may not have counted.`,
    'Look how it stands, and click again if it is not as you meant.',
    { detail: what },
  );
}
