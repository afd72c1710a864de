/** Whatever is commanded in whatever order: the snapshot is the fold of the events, and what is searched for agrees. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance, type RequestCommand } from '../../src/core/advance.ts';
import { fold } from '../../src/core/fold.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { problem } from '../../src/core/problem.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import type { Store } from '../../src/core/store.ts';
import { judge, monday, person, plan, review, submit } from './example-requests.ts';

const trouble = problem('outside_unavailable', 'It does not answer.', 'Wait.', { isTransient: true });

/** Commands as a function of the request, so that many of them fit. */
export const commands = fc.constantFrom<(request: PlatformRequest, now: number) => RequestCommand>(
  () => judge('require_approval'),
  () => judge('allow'),
  () => judge('hold'),
  () => judge('require_approval', ['version']),
  () => judge('deny'),
  (request, now) => review(person('Bob'), request.digest ?? '', 'open', now),
  (request, now) => review(person('Cleo'), request.digest ?? '', 'met', now),
  (request, now) => review(person('Cleo'), request.digest ?? '', 'lost', now),
  () => ({ type: 'cancel', by: person('Ada') }),
  () => ({ type: 'expire' }),
  () => ({ type: 'start', plan }),
  () => ({ type: 'begin_step', step: 'record' }),
  () => ({
    type: 'report_step',
    step: 'record',
    outcome: { state: 'waiting', note: 'building', againInMs: 50, progress: ['build: running'] },
  }),
  () => ({ type: 'report_step', step: 'record', outcome: { state: 'done', result: { id: '7' } } }),
  (_request, now) => ({ type: 'retry_step', step: 'run', problem: trouble, until: now + 10 }),
  () => ({ type: 'undo', cause: { kind: 'failed', step: 'run', problem: trouble } }),
  () => ({ type: 'begin_undo', step: 'record' }),
  () => ({ type: 'report_undo', step: 'record', outcome: { state: 'done' } }),
  (_request, now) => ({ type: 'retry_undo', step: 'record', problem: trouble, until: now + 10 }),
  () => ({ type: 'fail_undo', step: 'record', problem: trouble }),
  () => ({ type: 'succeed', outputs: { links: [], notes: ['done'] } }),
  () => ({ type: 'end_undo' }),
  () => ({
    type: 'change_life',
    by: requestIdOf(9),
    isUse: true,
    change: { type: 'retired' },
  }),
);

export function promiseTheFold(store: () => Store): void {
  test('the snapshot is the fold of the events after any sequence of commands', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(commands, { maxLength: 25 }), async (sequence) => {
        run += 1;
        let request = await submit(store(), `run ${run}`);
        let now = monday;
        for (const command of sequence) {
          now += 1;
          const advanced = advance(request, command(request, now), now);
          if (!advanced.ok || advanced.events.length === 0) continue;
          const outcome = await store().append({
            requestId: request.id,
            expectedVersion: request.version,
            events: advanced.events,
            notices: [],
          });
          if (outcome.outcome !== 'appended') throw new Error(outcome.outcome);
          request = outcome.request;
        }
        const history = await store().history(request.id);
        const loaded = await store().load(request.id);
        expect(loaded).toStrictEqual(request);
        expect(loaded).toStrictEqual(fold(history.map(({ event }) => event)));
        expect(history.map(({ seq }) => seq)).toEqual(history.map((_, index) => index + 1));
        expect(await store().list({ statuses: [request.status], limit: 1 })).toStrictEqual([request]);
      }),
      { numRuns: 60, seed: 2026 },
    );
  });
}
