/**
 * Stands before Bolt, for both receivers: every payload is answered within Slack's 3 seconds, handled once, counted
 * while it is worked on, and never left without a word - also when no listener knows it or when one throws. Bolt
 * itself leaves such payloads unacknowledged, and does not wait for its listeners when it stops.
 *
 * Handled once means: to its end. What a process died over is not forgotten: a click is kept before it is acknowledged,
 * and resumed elsewhere; all else is acknowledged by its listener, which does so when it is written and not before. Handled
 * again all the same, between the two, it is as a second click is.
 */
import type { Moment, PersonId, RequestId } from '../core/ids.ts';
import type { Log } from '../core/ports.ts';
import { type Problem, problem, problemFrom } from '../core/problem.ts';
import type { LapsedClick } from '../core/store.ts';
import type { SlackMessage } from '../slack/blocks.ts';
import { maxOf } from '../slack/limits.ts';
import { problemMessage } from '../slack/notices.ts';
import { type Ack, createHands, type Deliveries } from './hands.ts';
import { createTurns } from './in-turn.ts';
import { keptClickOf, sealClick } from './kept-click.ts';
import { type Payload, readPayload } from './payload.ts';
import type { Replies } from './replies.ts';
import { createResume, giverOf, hasLapsed, mayNotCount, type Opened } from './resume.ts';
import { createRush, type Rush } from './rush.ts';
import { createTellLate } from './tell-late.ts';
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
  /**
   * Handles kept clicks whose process has ended over them; where its giver has done something since, or it is too late, they
   * are asked to look and to click again. Never rejects.
   */
  resume(clicks: readonly LapsedClick[], handle: (delivery: Delivery) => Promise<void>): Promise<void>;
  inFlight(): number;
  /** Resolves when the rush is over, or after a moment: for work that nobody waits for, so that acknowledgements go first. */
  giveWay(): Promise<void>;
  readonly rush: Pick<Rush, 'isOn' | 'afterwards'>;
  /** Resolves with `true` when nothing is in flight any more, with `false` after `withinMs`. */
  drain(withinMs: number): Promise<boolean>;
}

export interface IngressOptions {
  readonly deliveries: Deliveries;
  /** Workspaces (or organisations) that we serve; a payload of any other is refused. */
  readonly teamIds: readonly string[];
  /** Our app's id; not checked when not known. */
  readonly appId?: string;
  /** Of this app, shared by all its replicas: what is kept is signed with it. */
  readonly secret: string;
  /** Whether this person has done something about this request, or asked for anything, since then. */
  hasActedSince(by: PersonId, about: RequestId | undefined, since: Moment): Promise<boolean>;
  readonly replies: Replies;
  readonly trail: Trail;
  readonly log: Log;
}

export function createIngress(options: IngressOptions): Ingress {
  const { log, replies, trail } = options;
  const tellLate = createTellLate({ replies, trail });
  const rush = createRush();
  let inFlight = 0;
  const idle = new Set<() => void>();
  const hands = createHands({ deliveries: options.deliveries, log });
  const inTurn = createTurns();

  async function run<One extends Delivery>(
    delivery: One,
    handle: (delivery: One) => Promise<void>,
  ): Promise<void> {
    const envelopeId = delivery.customProperties?.envelopeId;
    const payload = readPayload(delivery.body, typeof envelopeId === 'string' ? envelopeId : undefined);
    const click = keptOf(payload, delivery.body);
    const ack = ackOnce(delivery, payload);
    // Of a click that could not be kept by then Slack says itself that nothing came of it.
    const timer = setTimeout(() => {
      if (click === undefined) void ack.send(fallbackAck(payload));
    }, fallbackAckMs);
    inFlight++;
    rush.came(ack.sent);
    try {
      const refusal = stranger(payload) ?? nobodys(payload);
      if (refusal) return await answer(payload, ack, refusal);
      const turn = click === undefined ? undefined : giverOf(payload);
      await hands.once(payload, click, ack, (wasHandled) =>
        inTurn(turn, () => {
          if (click !== undefined && hasLapsed(options.deliveries, payload.key))
            return answer(payload, ack, mayNotCount(payload));
          return toItsEnd(payload, ack, (send) => {
            const customProperties = { ...delivery.customProperties, wasHandled };
            return handle({ ...delivery, customProperties, ack: send });
          });
        }),
      );
    } catch (error) {
      await answer(payload, ack, problemFrom(causeOf(error)));
    } finally {
      clearTimeout(timer);
      leave();
    }
  }

  function keptOf({ kind, key }: Payload, body: unknown): string | undefined {
    if (kind !== 'action' || key === undefined) return undefined;
    const click = keptClickOf(body);
    return click === undefined ? undefined : sealClick(key, click, options.secret);
  }

  function leave(): void {
    inFlight--;
    if (inFlight === 0) for (const tell of idle) tell();
  }

  async function counted({ body, payload }: Opened, work: (ack: Ack) => Promise<void>): Promise<void> {
    inFlight++;
    const ack = ackOnce({ body, ack: async () => {} }, payload);
    await ack.send();
    await work(ack);
    leave();
  }

  /** With an answer where it fails or nobody knows it. */
  async function toItsEnd(
    payload: Payload,
    ack: Ack,
    handle: (send: Ack['send']) => Promise<void>,
  ): Promise<void> {
    let isKnown = false;
    try {
      await handle((response) => {
        isKnown = true;
        return ack.send(response);
      });
      if (!isKnown) await answer(payload, ack, unknownProblem(payload));
    } catch (error) {
      await answer(payload, ack, problemFrom(causeOf(error)));
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
    resume: createResume({ ...options, hands, inTurn, counted, toItsEnd, answer }),
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
