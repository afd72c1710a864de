/** What is in hand, and what was: each delivery is handled once, whichever replica it comes to and however often. */
import type { Log } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import type { Payload } from './payload.ts';

export interface Ack {
  isSent(): boolean;
  /** Resolves with what it said. Never rejects. */
  readonly sent: Promise<unknown>;
  send(response?: unknown): Promise<void>;
}

/** What is remembered of deliveries, by whichever replica. */
export interface Deliveries {
  wasHandled(key: string): Promise<boolean>;
  /** To its end, whatever came of it. */
  handled(key: string): Promise<void>;
  /** Durable when it resolves; `false` when its key was here before. */
  keepClick(key: string, click: string): Promise<boolean>;
  /** Whether a click that was kept is still for us to handle. */
  isOurs(key: string): boolean;
}

export interface Hands {
  /**
   * @param click what is kept of it before it is acknowledged, if it is a click.
   * @param work to its end; never rejects.
   * @throws ProblemError when the store cannot say whether it was here before, or keep it: nothing is done.
   */
  once(
    payload: Payload,
    click: string | undefined,
    ack: Ack,
    work: (wasHandled: boolean) => Promise<void>,
  ): Promise<void>;
  /** What was kept, and is in nobody else's hands. */
  again(key: string, payload: Payload, ack: Ack, work: () => Promise<void>): Promise<void>;
}

/** It comes again within seconds or not at all. At another replica, or after a restart, the form closes. */
const toldMax = 100;

export function createHands({ deliveries, log }: { deliveries: Deliveries; log: Log }): Hands {
  /** By key, until it is handled: resolves with what it is acknowledged with. */
  const inHand = new Map<string, Promise<unknown>>();
  /** By key, of forms that were not just closed: with what they were acknowledged. */
  const told = new Map<string, unknown>();

  async function once(...[payload, click, ack, work]: Parameters<Hands['once']>): Promise<void> {
    const { key } = payload;
    if (key === undefined) return work(false);
    const first = inHand.get(key);
    if (first) return acknowledgeAs(first, ack);
    inHand.set(key, ack.sent);
    try {
      const isKept = click !== undefined && (await deliveries.keepClick(key, click));
      if (isKept) await ack.send();
      const wasHandled = click === undefined ? await deliveries.wasHandled(key) : !isKept;
      // A command is told again what it has asked for: its request has the same key in the store.
      // A form is told again what is wrong with it: otherwise it would close as if it had been taken.
      if (wasHandled && payload.kind !== 'command') return await ack.send(told.get(key));
      if (payload.kind === 'submission') void ack.sent.then((response) => keepTold(key, response));
      await work(wasHandled);
      if (!wasHandled) await remember(key, payload);
    } finally {
      inHand.delete(key);
    }
  }

  async function again(...[key, payload, ack, work]: Parameters<Hands['again']>): Promise<void> {
    // Slow, but alive: it has lapsed in our own hands.
    if (inHand.has(key)) return;
    inHand.set(key, ack.sent);
    try {
      await work();
      await remember(key, payload);
    } finally {
      inHand.delete(key);
    }
  }

  function keepTold(key: string, response: unknown): void {
    if (response === undefined) return;
    told.set(key, response);
    const [oldest] = told.keys();
    if (told.size > toldMax && oldest !== undefined) told.delete(oldest);
  }

  /** What is in hand comes again: not before that is acknowledged, since only then is it written down. */
  async function acknowledgeAs(first: Promise<unknown>, ack: Ack): Promise<void> {
    const response = await first;
    if (!ack.isSent()) await ack.send(response);
  }

  /** Should it come again for all that, it is as a second click would be. */
  async function remember(key: string, { what }: Payload): Promise<void> {
    try {
      await deliveries.handled(key);
    } catch (error) {
      log.warn({ what, problem: problemFrom(error) }, 'that a delivery was handled could not be kept');
    }
  }

  return { once, again };
}
