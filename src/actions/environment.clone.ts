/** `/env clone`: another environment like one that is there. It is a creation with the other's values. */
import { z } from 'zod';
import { type ChangeAction, defineAction, type FieldMeta } from '../core/action.ts';
import { minuteMs, parseDuration } from '../core/duration.ts';
import { ok, type Problem, ProblemError, problem, refuse } from '../core/problem.ts';
import { input as createInput } from './environment/create-input.ts';
import { environmentField, knownTarget } from './environment/known.ts';
import environmentCreate from './environment.create.ts';

const ttlMin = 10 * minuteMs;

const input = z.strictObject({
  name: environmentField('The one that is to be like; it stays as it is.'),
  as: createInput.shape.name,
  ttl: z
    .string()
    .refine((text) => (parseDuration(text) ?? 0) >= ttlMin, 'write a time like 8h or 2d12h, at least 10m')
    .optional()
    .meta({
      title: 'Time to live',
      isSpan: true,
      description: 'As long as the other was given when left empty: 8h, 30m, 2d12h.',
      decides: true,
    } satisfies FieldMeta),
});

const environmentClone: ChangeAction<typeof input> = {
  title: 'Clone an environment',
  summary: 'Make another environment like one that is there.',
  effect: 'create',
  channel: 'requests',
  command: {
    slash: '/env',
    verb: 'clone',
    positional: [{ field: 'name' }, { field: 'as', word: 'as' }],
    examples: ['/env clone checkout-pr-12 as checkout-pr-13'],
  },
  input,

  target: (asked, { environments }) => knownTarget(asked.name, environments),

  restated(asked, { records, catalog, requesterGroups }) {
    const record = records.find((one) => one.living?.name === asked.name);
    const blueprint = catalog.blueprints[record?.blueprint ?? ''];
    if (!record || !blueprint) return refuse(cannotClone(asked.name, 'no blueprint of the catalog made it'));
    // What it was made with must still be what the blueprint takes: only then are the two alike.
    const wish = createInput.safeParse({ ...record.input, name: asked.as, team: undefined });
    if (!wish.success) {
      const { path = [], message = '' } = wish.error.issues[0] ?? {};
      return refuse(
        cannotClone(asked.name, `${path.join('.')} is no longer taken as it was given: ${message}`),
      );
    }
    const { values, ttl } = wish.data;
    const checked = blueprint.inputs.check(values);
    if (!checked.ok) {
      return refuse(
        cannotClone(
          asked.name,
          `the blueprint ${blueprint.title} has changed since: ${checked.problem.sentence}`,
        ),
      );
    }
    const { team: _team, ...alike } = wish.data;
    const team = requesterGroups.includes(record.team) ? { team: record.team } : {};
    return ok({
      action: 'environment.create',
      input: { ...alike, ...team, ttl: asked.ttl ?? ttl },
    });
  },

  // What is asked for is the creation, and that has these.
  async preview(asked, context) {
    if (environmentCreate.effect === 'read')
      throw new ProblemError(cannotClone(asked.name, 'nothing is made'));
    const [records, environments] = await Promise.all([context.environmentRecords(), context.environments()]);
    const known = { ...context, requesterGroups: [], environments, records };
    const restated = environmentClone.restated?.(asked, known);
    if (!restated?.ok) throw new ProblemError(restated?.problem ?? cannotClone(asked.name, 'it is gone'));
    return environmentCreate.preview(environmentCreate.input.parse(restated.value.input), context);
  },
  steps: () => [],
  outputs: () => ({ links: [], notes: [] }),
};

export default defineAction(environmentClone);

function cannotClone(name: string, why: string): Problem {
  return problem(
    'bad_input',
    `${name} cannot be cloned: ${why.replace(/\.$/, '')}.`,
    'Make one from a blueprint as it is now: `/env create`.',
    { fields: { name: `It cannot be cloned: ${why.replace(/\.$/, '')}.` } },
  );
}
