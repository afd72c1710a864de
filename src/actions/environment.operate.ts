/** `/env do`: what a blueprint offers to do with a living environment. */
import { z } from 'zod';
import {
  type ChangeAction,
  defineAction,
  type FieldMeta,
  type KnownEnvironment,
  type TargetContext,
} from '../core/action.ts';
import type { BlueprintOperation } from '../core/blueprint.ts';
import { callOf, inputsOfOperation, type KnownOperation, operationsCalled } from '../core/operations.ts';
import { ok, type Problem, ProblemError, problem, type Result, refuse } from '../core/problem.ts';
import { count, didYouMean, listOf } from '../core/text.ts';
import { environmentField, knownTarget, livingRecord } from './environment/known.ts';
import { operateSteps, operationScope } from './environment/operate-steps.ts';
import { digestText } from './environment/order.ts';

const input = z.strictObject({
  name: environmentField('In which one.'),
  operation: z
    .string()
    .min(1)
    .max(100)
    .meta({
      title: 'Operation',
      description: 'What its blueprint offers.',
      choices: 'operations',
      decides: true,
    } satisfies FieldMeta),
  values: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ title: 'Inputs', description: 'What the operation asks for.' } satisfies FieldMeta),
});

const environmentOperate: ChangeAction<typeof input> = {
  title: 'Operate an environment',
  summary: 'Do with an environment what its blueprint offers.',
  effect: 'change',
  channel: 'requests',
  command: {
    slash: '/env',
    verb: 'do',
    spoken: 'operate',
    positional: [{ field: 'name' }, { field: 'operation' }],
    examples: [
      '/env do checkout-pr-12 image --image registry.acme.example/hello-web:1.1',
      '/env do checkout-pr-12 warm-up',
    ],
  },
  input,

  further: ({ operation }, catalog) =>
    typeof operation === 'string' ? inputsOfOperation(operation, catalog) : undefined,

  target(asked, known) {
    const target = knownTarget(asked.name, known.environments);
    const environment = known.environments.find((one) => one.name === asked.name);
    if (!target.ok || !environment) return target;
    const found = operationOf(environment, asked.operation, known);
    return found.ok ? target : found;
  },

  async preview(asked, context) {
    const record = await livingRecord(asked.name, context);
    const found = operationOf(record.living, asked.operation, context);
    if (!found.ok) throw new ProblemError(found.problem);
    const { blueprint, operation } = found.value;
    const scope = operationScope(record, asked.values, context);
    return {
      sentence: `${operation.title} in the environment ${asked.name}: ${operation.description}`,
      details: [
        { label: 'Namespace', value: record.living.namespace },
        { label: 'Does', value: workWords(operation) },
        ...Object.entries(scope.input).map(([label, value]) => ({
          label,
          value: typeof value === 'string' ? value : JSON.stringify(value),
        })),
      ],
      commits: [],
      // The environment's name may be given anew, and an edited operation is another one.
      resolved: { environment: record.requestId, blueprint: digestText(blueprint) },
      cautions: record.life.sleep ? ['It sleeps: what is changed runs when it wakes.'] : [],
    };
  },

  steps: () => operateSteps,

  outputs: (asked) => ({
    links: [],
    notes: [`Done in ${asked.name}. See how it is: \`/env show ${asked.name}\``],
  }),
};

export default defineAction(environmentOperate);

function operationOf(
  environment: KnownEnvironment,
  text: string,
  { catalog }: Pick<TargetContext, 'catalog'>,
): Result<KnownOperation> {
  const found = operationsCalled(text, catalog).find(
    ({ blueprint }) => blueprint.name === environment.blueprint,
  );
  const blueprint = catalog.blueprints[environment.blueprint];
  if (!found || !blueprint) return refuse(noOperation(environment, text, blueprint?.operations ?? []));
  if (inputsOfOperation(text, catalog)) return ok(found);
  const call = callOf(found, catalog);
  return refuse(wrong(`Several blueprints have an operation "${text}" of their own.`, `Write ${call}.`));
}

function noOperation(
  { name, blueprint }: KnownEnvironment,
  text: string,
  operations: readonly BlueprintOperation[],
): Problem {
  const names = operations.map((one) => one.name);
  if (names.length === 0) {
    return wrong(
      `${name} can do nothing: its blueprint ${blueprint} names no operations.`,
      `What can be done with it: \`/env show ${name}\`.`,
    );
  }
  return wrong(
    `The blueprint ${blueprint} has no operation "${text}".${didYouMean(text, names)}`,
    `Choose ${listOf(names, 'or')}.`,
  );
}

function wrong(sentence: string, next: string): Problem {
  return problem('bad_input', sentence, next, { fields: { operation: `${sentence} ${next}` } });
}

/** "changes web, makes 1 Job". */
function workWords({ patches, resources }: BlueprintOperation): string {
  const kinds = [...Map.groupBy(resources, ({ kind }) => kind)];
  return [
    ...(patches.length > 0 ? [`changes ${listOf(patches.map(({ resource }) => resource))}`] : []),
    ...(kinds.length > 0 ? [`makes ${listOf(kinds.map(([kind, all]) => count(all.length, kind)))}`] : []),
  ].join(', ');
}
