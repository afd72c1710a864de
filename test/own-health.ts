/** Health checks at a free port, by the machine's clock unless told otherwise; they end with the test. */
import { onTestFinished } from 'vitest';
import { systemClock, systemScheduler } from '../src/clock.ts';
import { type Health, type HealthOptions, startHealth } from '../src/health.ts';
import { quietLog } from './stories/support.ts';

export async function ownHealth(more: Partial<HealthOptions> = {}): Promise<Health> {
  const health = await startHealth({
    ...{ port: 0, host: '127.0.0.1', checks: {} },
    ...{ clock: systemClock, scheduler: systemScheduler, log: quietLog },
    ...more,
  });
  onTestFinished(() => health.close());
  return health;
}
