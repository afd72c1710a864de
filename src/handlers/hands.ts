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

export function createHands({ deliveries, log }: { deliveries: Deliveries; log: Log }): Hands {
  /** By key, until it is handled: resolves with what it is acknowledged with. */
  const inHand = new Map<string, Promise<unknown>>();

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
      if (wasHandled && payload.kind !== 'command') return await ack.send();
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
