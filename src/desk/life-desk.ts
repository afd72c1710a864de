/** The desk as only the reconciler sees it: what was seen of environments, and what Greenlight asks for by itself. */
import type { EnvironmentRecord } from '../core/environment-record.ts';
import type { RequestId } from '../core/ids.ts';
import type { LifeSighting } from '../core/life.ts';
import { systemPerson } from '../core/person.ts';
import { ok, type Result } from '../core/problem.ts';
import type { PlatformRequest } from '../core/request.ts';
import { type DeskContext, environmentRecords } from './context.ts';
import { decide, submit } from './submit.ts';
import { write } from './write.ts';

export interface LifeDesk {
  records(): Promise<readonly EnvironmentRecord[]>;
  /** Names of those whose removal has begun: that their namespace is gone is nobody's doing by hand. */
  removals(): Promise<ReadonlySet<string>>;
  /** Writes down what was seen of the environment that this request made; of one that is over nothing. */
  sight(id: RequestId, sighting: LifeSighting): Promise<Result<PlatformRequest>>;
  /** A request of Greenlight's own, under the guardrails like any other. The same key is asked once, ever. */
  ask(
    key: string,
    action: string,
    input: Readonly<Record<string, unknown>>,
  ): Promise<Result<PlatformRequest>>;
}

/** More at once would be an accident, and then nobody asks for one notice more. */
const runningMax = 10_000;

export function createLifeDesk(context: DeskContext): LifeDesk {
  return {
    records: () => environmentRecords(context.store),
    async removals() {
      const open = await context.store.list({
        statuses: ['running', 'undoing'],
        limit: runningMax,
      });
      return new Set(
        open.filter(({ action }) => action === 'environment.destroy').map(({ target }) => target.name),
      );
    },
    sight: (id, sighting) => write(context, id, () => ok({ commands: [{ type: 'sight', sighting }] })),
    async ask(key, action, input) {
      const origin = { surface: 'system' as const, isQuiet: true };
      const asked = await submit(context, { key, action, input, requester: systemPerson, origin });
      return asked.ok && asked.value.status === 'submitted' ? decide(context, asked.value.id) : asked;
    },
  };
}
