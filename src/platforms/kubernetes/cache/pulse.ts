/** Whether an API server answers at this moment: one small call that everybody may make, and only when somebody looks. */
import { z } from 'zod';
import type { Moment } from '../../../core/ids.ts';
import type { Clock } from '../../../core/ports.ts';
import type { Transport } from '../transport.ts';

export interface Pulse {
  /** One call at a time; whoever asks meanwhile waits for the same one. Never throws. */
  feel(): Promise<void>;
  /** 0 when it never has. */
  answeredAt(): Moment;
  /** Why it did not answer last; `undefined` when it did. */
  error(): unknown;
  version(): string;
}

/** An answer that takes longer is none for somebody who waits for a status. */
const patienceMs = 1_500;
/** After a failure so long nobody asks again: who is down is not helped by being asked. */
const restMs = 5_000;

const versionSchema = z.object({ gitVersion: z.string().default('') });

export function createPulse({ transport, clock }: { transport: Transport; clock: Clock }): Pulse {
  let answeredAt: Moment = 0;
  let failedAt: Moment = 0;
  let error: unknown;
  let version = '';
  let feeling: Promise<void> | undefined;

  async function ask(): Promise<void> {
    const startedAt = clock.now();
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new DOMException('no answer', 'TimeoutError')), patienceMs);
    try {
      const call = transport.call({ method: 'GET', path: '/version' });
      version = versionSchema.parse(await Promise.race([call, late.promise])).gitVersion;
      answeredAt = startedAt;
      error = undefined;
    } catch (caught) {
      failedAt = clock.now();
      error = caught;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    feel() {
      if (error !== undefined && clock.now() - failedAt < restMs) return Promise.resolve();
      feeling ??= ask().finally(() => {
        feeling = undefined;
      });
      return feeling;
    },
    answeredAt: () => answeredAt,
    error: () => error,
    version: () => version,
  };
}
