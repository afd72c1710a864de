/** `/env repair`: what was changed by hand is put back as it was made. */
import { z } from 'zod';
import { type ChangeAction, defineAction, type Preview, type Step } from '../core/action.ts';
import { requestIdSchema } from '../core/ids.ts';
import { asleepProblem } from '../core/live-rules.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { count } from '../core/text.ts';
import { appliedTo } from './environment/applied.ts';
import { driftOf, driftWords } from './environment/drift.ts';
import { agreedRecord, environmentField, knownTarget, livingRecord } from './environment/known.ts';

const input = z.strictObject({
  name: environmentField('What was changed in it by hand is put back as it was made.'),
});
type Input = z.infer<typeof input>;

/** What one card can show. */
const driftShownMax = 8;

const environmentRepair: ChangeAction<typeof input> = {
  title: 'Repair an environment',
  summary: 'Put back what was changed by hand in an environment.',
  effect: 'change',
  channel: 'requests',
  command: {
    slash: '/env',
    verb: 'repair',
    positional: [{ field: 'name' }],
    examples: ['/env repair checkout-pr-12'],
  },
  input,

  target: (asked, { environments }) => knownTarget(asked.name, environments),

  async preview(asked, context): Promise<Preview> {
    const record = await livingRecord(asked.name, context);
    if (record.life.sleep) throw new ProblemError(asleepProblem(asked.name));
    const applied = await appliedTo(record, context);
    if ('unknown' in applied) throw new ProblemError(applied.unknown);
    const drift = await driftOf(record, context);
    const lines = drift.map(driftWords);
    return {
      sentence:
        drift.length === 0
          ? `Nothing of ${asked.name} was changed by hand; there is nothing to put back.`
          : `Puts back ${count(drift.length, 'object')} of ${asked.name} that ${drift.length === 1 ? 'was' : 'were'} changed by hand.`,
      details: lines.slice(0, driftShownMax).map((value) => ({ label: 'Changed', value })),
      commits: [],
      // What somebody changes after this was agreed to is not what was looked at.
      resolved: { environment: record.requestId, drift: lines.join('; ') },
      cautions: lines.length > driftShownMax ? [`${lines.length - driftShownMax} more are changed.`] : [],
    };
  },

  steps: () => steps,

  outputs: (asked, { results }) => ({
    links: [],
    notes: [`${asked.name} is as it was made.`],
    environmentChange: {
      requestId: requestIdSchema.parse(results.apply?.requestId),
      change: { type: 'repaired' },
    },
  }),
};

export default defineAction(environmentRepair);

const steps: readonly Step<Input>[] = [
  {
    id: 'apply',
    title: 'Applied once more',
    async do(asked, context) {
      const record = await agreedRecord(asked.name, context);
      if (record.life.sleep) throw new ProblemError(asleepProblem(asked.name));
      const cluster = context.cluster(record.living.cluster);
      // Only what differs: on a second try, what the first one put back is left alone.
      const drift = await driftOf(record, context);
      for (const { manifest } of drift) await cluster.reapply(manifest);
      return { state: 'done', result: { requestId: record.requestId } };
    },
    // Half of it put back is nearer to how it was made than before; to bring back what somebody changed by hand would
    // be wrong, and nobody knows it any more.
    async undo(asked) {
      throw new ProblemError(
        problem(
          'undo_failed',
          `Some of ${asked.name} may be put back already.`,
          `Ask once more to put back the rest: \`/env repair ${asked.name}\`.`,
        ),
      );
    },
  },
];
