/**
 * Stands before Bolt, for both receivers: every payload is answered within Slack's 3 seconds, handled once, counted
 * while it is worked on, and never left without a word - also when no listener knows it or when one throws. Bolt
 * itself leaves such payloads unacknowledged, and does not wait for its listeners when it stops.
 *
 * Handled once means: until it was handled to its end. What a process died over is not acknowledged, as a listener
 * acknowledges what is written and not before; should it come again, it is handled again, and what was written of it by
 * then makes that the same as a second click.
 */
import type { Chance, Log } from '../core/ports.ts';
import { type Problem, problem, problemFrom } from '../core/problem.ts';
import type { SlackMessage } from '../slack/blocks.ts';
import { maxOf } from '../slack/limits.ts';
import { problemMessage } from '../slack/notices.ts';
import { type Payload, readPayload } from './payload.ts';
import type { Replies } from './replies.ts';
import { createRush, type Rush } from './rush.ts';
import type { Trail } from './trail.ts';

/** As Bolt's receivers make it, as far as it matters here. */
export interface Delivery {
  readonly body: Record<string, unknown>;
  readonly ack: (response?: unknown) => Promise<void>;
  readonly customProperties?: Record<string, unknown>;
}

/** Half a second before Slack gives up. */
export const fallbackAckMs = maxOf('ackMs') - 500;

export interface Ingress {
  /** Resolves when the work is done; never rejects. */
  run<One extends Delivery>(delivery: One, handle: (delivery: One) => Promise<void>): Promise<void>;
  inFlight(): number;
  /** Resolves when the rush is over, or after a moment: for work that nobody waits for, so that acknowledgements go first. */
  giveWay(): Promise<void>;
  readonly rush: Pick<Rush, 'isOn' | 'afterwards'>;
  /** Resolves with `true` when nothing is in flight any more, with `false` after `withinMs`. */
  drain(withinMs: number): Promise<boolean>;
}

/** What is remembered of deliveries, by whichever replica. */
export interface Deliveries {
  wasHandled(key: string): Promise<boolean>;
  /** To its end, whatever came of it. */
  handled(key: string): Promise<void>;
}

export interface IngressOptions {
  readonly deliveries: Deliveries;
  /** Workspaces (or organisations) that we serve; a payload of any other is refused. */
  readonly teamIds: readonly string[];
  /** Our app's id; not checked when not known. */
  readonly appId?: string;
  readonly replies: Replies;
  readonly trail: Trail;
  readonly log: Log;
  readonly chance: Chance;
}

export function createIngress(options: IngressOptions): Ingress {
  const { deliveries, log, replies, trail, chance } = options;
  const rush = createRush();
  let inFlight = 0;
  const idle = new Set<() => void>();
  /** By key, until it is handled: resolves with what it is acknowledged with. */
  const hands = new Map<string, Promise<unknown>>();

  async function run<One extends Delivery>(
    delivery: One,
    handle: (delivery: One) => Promise<void>,
  ): Promise<void> {
    const envelopeId = delivery.customProperties?.envelopeId;
    const payload = readPayload(delivery.body, typeof envelopeId === 'string' ? envelopeId : undefined);
    const ack = ackOnce(delivery, payload);
    const timer = setTimeout(() => void ack.send(fallbackAck(payload)), fallbackAckMs);
    inFlight++;
    rush.came(ack.sent);
    try {
      const refusal = stranger(payload) ?? nobodys(payload);
      if (refusal) return await answer(payload, ack, refusal);
      const inHand = hands.get(payload.key ?? '');
      if (inHand) return await acknowledgeAs(inHand, ack);
      await once(payload, ack, (wasHandled) => {
        const customProperties = { ...delivery.customProperties, wasHandled };
        return handle({ ...delivery, customProperties, ack: ack.send });
      });
    } catch (error) {
      await answer(payload, ack, problemFrom(causeOf(error)));
    } finally {
      clearTimeout(timer);
      inFlight--;
      if (inFlight === 0) for (const tell of idle) tell();
    }
  }

  /** What is in hand comes again: not before that is acknowledged, since only then is it written down. */
  async function acknowledgeAs(inHand: Promise<unknown>, ack: Ack): Promise<void> {
    const response = await inHand;
    if (!ack.isSent()) await ack.send(response);
  }

  async function once(
    payload: Payload,
    ack: Ack,
    handle: (wasHandled: boolean) => Promise<void>,
  ): Promise<void> {
    const { key } = payload;
    if (key === undefined) return await toItsEnd(payload, ack, () => handle(false));
    hands.set(key, ack.sent);
    try {
      const wasHandled = await deliveries.wasHandled(key);
      // A command is told again what it has asked for: its request has the same key in the store.
      if (wasHandled && payload.kind !== 'command') return await ack.send();
      await toItsEnd(payload, ack, () => handle(wasHandled));
      if (!wasHandled) await remember(key, payload);
    } finally {
      hands.delete(key);
    }
  }

  /** With an answer where it fails or nobody knows it. */
  async function toItsEnd(payload: Payload, ack: Ack, handle: () => Promise<void>): Promise<void> {
    try {
      await handle();
      if (!ack.isSent()) await answer(payload, ack, unknownProblem(payload));
    } catch (error) {
      await answer(payload, ack, problemFrom(causeOf(error)));
    }
  }

  /** Should it come again for all that, it is as a second click would be. */
  async function remember(key: string, { what }: Payload): Promise<void> {
    try {
      await deliveries.handled(key);
    } catch (error) {
      log.warn({ what, problem: problemFrom(error) }, 'that a delivery was handled could not be kept');
    }
  }

  function stranger(payload: Payload): Problem | undefined {
    const isOtherApp =
      options.appId !== undefined && payload.appId !== undefined && payload.appId !== options.appId;
    const isOurTeam = payload.teamIds.some((id) => options.teamIds.includes(id));
    if (!isOtherApp && isOurTeam) return undefined;
    return problem(
      'not_a_member',
      'Greenlight does not serve this workspace.',
      'Ask somebody of the company that runs it.',
      { detail: `app ${payload.appId ?? 'none'}, teams ${payload.teamIds.join(' ') || 'none'}` },
    );
  }

  function ackOnce(delivery: Delivery, payload: Payload): Ack {
    let sent = false;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    return {
      isSent: () => sent,
      sent: promise,
      async send(response) {
        if (sent) return await tellLate(payload, response);
        sent = true;
        try {
          await delivery.ack(response);
        } catch (error) {
          // The socket may have gone since; what was written stands, and the card will show it.
          log.warn({ what: payload.what, cause: messageOf(error) }, 'an acknowledgement did not get through');
          await tellLate(payload, response);
        } finally {
          resolve(response);
        }
      },
    };
  }

  /** What was to be said with an acknowledgement that is over has no place any more but a private line. */
  async function tellLate(payload: Payload, response: unknown): Promise<void> {
    if (payload.kind === 'command' && response !== undefined && payload.place) {
      return replies.privately(payload.place, response as SlackMessage);
    }
    const errors = (response as { errors?: Record<string, string> } | undefined)?.errors;
    if (errors === undefined || !payload.place) return;
    const sentence = `Your form was not accepted: ${Object.values(errors).join(' ')}`;
    const late = problem('bad_input', sentence, 'Open the form again.');
    await replies.privately(payload.place, problemMessage(late, chance.reference()));
  }

  async function answer(payload: Payload, ack: Ack, cause: Problem): Promise<void> {
    const by = payload.place?.user;
    const attempt = { door: payload.what, about: payload.place?.about, ...(by === undefined ? {} : { by }) };
    const reference = trail.refused(attempt, cause);
    const message = problemMessage(cause, reference);
    const wasSent = ack.isSent();
    if (!wasSent) await ack.send(payload.kind === 'command' ? commandAnswer(message) : emptyAck(payload));
    const isSaid = !wasSent && payload.kind === 'command';
    if (payload.place && !isSaid && payload.kind !== 'event' && payload.kind !== 'options') {
      await replies.privately(payload.place, message);
    }
  }

  function drain(withinMs: number): Promise<boolean> {
    if (inFlight === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (isIdle: boolean) => {
        clearTimeout(timer);
        idle.delete(tell);
        resolve(isIdle);
      };
      const tell = () => end(true);
      const timer = setTimeout(() => end(false), withinMs);
      idle.add(tell);
    });
  }

  return {
    run,
    inFlight: () => inFlight,
    async giveWay() {
      if (inFlight >= busy.from) await drain(busy.waitMs);
    },
    rush,
    drain,
  };
}

/**
 * From how many at once others wait, and how long for each thing they do meanwhile, in ms: of two bursts
 * one after the other the first one's cards must not wait for the end of the second.
 */
const busy = { from: 8, waitMs: 250 } as const;

interface Ack {
  isSent(): boolean;
  /** Resolves with what it said. Never rejects. */
  readonly sent: Promise<unknown>;
  send(response?: unknown): Promise<void>;
}

function fallbackAck(payload: Payload): unknown {
  if (payload.kind !== 'command') return emptyAck(payload);
  return {
    response_type: 'ephemeral',
    text: 'Working on it. The answer follows here in a moment; if none does, ask again.',
  };
}

/** A select that asked for options wants a list, however short. */
function emptyAck(payload: Payload): unknown {
  return payload.kind === 'options' ? { options: [] } : undefined;
}

function commandAnswer(message: SlackMessage): unknown {
  return { response_type: 'ephemeral', ...message };
}

/** Bolt, and every handler of ours, take for granted that somebody clicked; events alone may be nobody's. */
function nobodys({ kind, place, what }: Payload): Problem | undefined {
  if (kind === 'event' || place !== undefined) return undefined;
  return problem(
    'bad_input',
    'This does not say who sent it, so nothing was done.',
    'Click again, or type the command.',
    { detail: what },
  );
}

function unknownProblem(payload: Payload): Problem {
  const what = payload.kind === 'command' ? 'This command' : 'This button or form';
  return problem(
    'unknown_action',
    `${what} is not known here, perhaps not any more.`,
    'See `/requests` for what is open, or type the command again.',
    { detail: payload.what },
  );
}

/** Bolt wraps what a listener threw. */
function causeOf(error: unknown): unknown {
  if (typeof error === 'object' && error !== null && 'original' in error) return error.original;
  return error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
