/**
 * Brings one payload to the app and back its acknowledgement, or says that the 3 seconds are over. What carries it
 * (sockets, signed HTTP) is the transport's business; faults and the journal are the same for both.
 */

import type { Fault } from '../../faults.ts';
import type { AppConnection } from '../../protocol.ts';
import type { BoxContext } from '../../serve.ts';
import { limits } from '../limits.ts';

export interface Envelope {
  readonly kind: 'slash_commands' | 'interactive' | 'events_api' | 'options';
  /** The command's, the interaction's or the event's type: `block_actions`. */
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly acceptsResponse: boolean;
  /** Slash commands only: which one, because each has its own URL over HTTP. */
  readonly command?: string;
  readonly retry?: { readonly attempt: number; readonly reason: string };
}

export type Ack =
  | { readonly ok: true; readonly body: unknown; readonly noRetry?: boolean }
  | {
      readonly ok: false;
      readonly reason: 'timeout' | 'unreachable' | 'http_error';
      readonly detail: string;
      readonly noRetry?: boolean;
    };

export interface Transport {
  /** Sends at once. The promise settles with what comes back; the courier stops waiting after 3 s. */
  send(envelope: Envelope, signal: AbortSignal): Promise<Ack>;
  /** Closes the socket that would carry the next envelope. */
  dropNext(): void;
  connection(): AppConnection;
  stop(): Promise<void>;
}

export interface Courier {
  deliver(envelope: Envelope): Promise<Ack>;
  connection(): AppConnection;
}

export function createCourier(box: BoxContext, transport: Transport): Courier {
  let held: (() => void) | undefined;

  const sendNow = async (envelope: Envelope): Promise<Ack> => {
    const giveUp = new AbortController();
    const deadline = Promise.withResolvers<Ack>();
    const timer = box.clock.after(limits.ackMs.max, () => {
      giveUp.abort();
      deadline.resolve({ ok: false, reason: 'timeout', detail: 'no acknowledgement within 3 seconds' });
    });
    try {
      return await Promise.race([transport.send(envelope, giveUp.signal), deadline.promise]);
    } finally {
      timer.cancel();
    }
  };

  const sendWithFault = async (envelope: Envelope, fault: Fault | undefined): Promise<Ack> => {
    switch (fault?.kind) {
      case undefined:
        return sendNow(envelope);
      case 'slow':
        await box.clock.sleep(fault.delayMs);
        return sendNow(envelope);
      case 'duplicate': {
        const first = sendNow(envelope);
        void sendNow(envelope);
        return first;
      }
      case 'reorder':
        await new Promise<void>((resolve) => {
          held = resolve;
          // Nothing may follow: then it goes alone, late.
          box.clock.after(2000, resolve);
        });
        return sendNow(envelope);
      case 'drop-socket':
      case 'reset':
        transport.dropNext();
        return sendNow(envelope);
      case 'lost-response':
        await sendNow(envelope);
        return { ok: false, reason: 'timeout', detail: 'the acknowledgement was lost' };
      case 'timeout':
        await box.clock.sleep(limits.ackMs.max);
        return { ok: false, reason: 'timeout', detail: 'it never reached the app' };
      case 'status':
        return { ok: false, reason: 'http_error', detail: String(fault.status) };
      default:
        return fault satisfies never;
    }
  };

  return {
    connection: () => transport.connection(),
    async deliver(envelope) {
      const startedAt = box.clock.now();
      const operation = `envelope:${envelope.type}`;
      const fault = box.faults.next('slack', operation);
      const waiting = fault?.kind === 'reorder' ? undefined : held;
      if (waiting) held = undefined;
      const delivered = sendWithFault(envelope, fault);
      waiting?.();
      const ack = await delivered;
      box.journal.add({
        at: startedAt,
        box: 'slack',
        kind: 'envelope',
        operation,
        outcome: ack.ok ? 'acked' : ack.reason === 'http_error' ? 'refused' : 'unacked',
        tookMs: box.clock.now() - startedAt,
        request: withoutToken(envelope.payload),
        response: ack.ok ? ack.body : ack.detail,
        ...(fault ? { fault: fault.kind } : {}),
      });
      return ack;
    },
  };
}

function withoutToken(payload: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { token: _, ...rest } = payload;
  return rest;
}
