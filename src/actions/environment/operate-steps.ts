/** An operation on a living environment: what it changes is remembered, changed, and waited for. */
import { z } from 'zod';
import type { Step, StepContext, StepOutcome } from '../../core/action.ts';
import type { BlueprintOperation, BlueprintResource, BlueprintScope } from '../../core/blueprint.ts';
import type { Cluster, Manifest, ManifestRef } from '../../core/cluster.ts';
import { formatDuration, minuteMs, secondMs } from '../../core/duration.ts';
import { lookAgainIn } from '../../core/look-again.ts';
import { operationsCalled } from '../../core/operations.ts';
import { type Problem, ProblemError, problem } from '../../core/problem.ts';
import { listOf } from '../../core/text.ts';
import { bring, marked, observe } from './create/bring.ts';
import { isTaken, refuseTakenSecret } from './create/secret.ts';
import { type Standing, standingOf } from './create/standing.ts';
import { agreedIfThere, agreedRecord, type LivingRecord } from './known.ts';
import { inverseOf, isInEffect } from './merge-patch.ts';
import { digestText, ownerOf, ownershipLabels } from './order.ts';

export interface OperateInput {
  readonly name: string;
  readonly operation: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** How long it may take until all that it changed is ready again. */
const operationMax = 15 * minuteMs;
const lookAgain = 2 * secondMs;

export const operateSteps: readonly Step<OperateInput>[] = [
  {
    id: 'remember',
    title: 'What is there now',
    async do(asked, context) {
      const work = await workFor(asked, context);
      const before = await Promise.all(
        work.patches.map(async ({ ref, change }) => {
          const found = await ownOf(ref, work);
          return { ref, change: inverseOf(found, change) };
        }),
      );
      const made = wantedIn(work).map((resource) => resource.ref(work.scope));
      const secrets = made.filter(({ kind }) => kind === 'Secret');
      await Promise.all(secrets.map((ref) => refuseTakenSecret(work.cluster, ref, context)));
      return { state: 'done', result: { before: JSON.stringify(before), made: JSON.stringify(made) } };
    },
  },
  {
    id: 'operate',
    title: 'Change',
    async do(asked, context): Promise<StepOutcome> {
      const work = await workFor(asked, context);
      const standings = [...(await patchAll(work, context)), ...(await makeAll(work, context))];
      const failed = standings.find(({ state }) => state === 'failed');
      const [waiting] = standings.filter(({ state }) => state === 'progressing');
      if (failed) throw new ProblemError(notDone(failed.note));
      const notes = standings.map(({ note }) => note).filter((note) => note !== '');
      if (!waiting) return notes.length === 0 ? { state: 'done' } : { state: 'done', note: notes.join(', ') };
      if (context.now - context.waitingSince > operationMax) {
        throw new ProblemError(
          notDone(`${waiting.note.replace(/\.$/, '')} (after ${formatDuration(operationMax)})`),
        );
      }
      return { state: 'waiting', note: waiting.note, againInMs: lookAgain };
    },
    async undo(asked, context) {
      const living = await agreedIfThere(asked.name, context);
      if (!living) return { state: 'done', note: 'the environment is gone' };
      const cluster = context.cluster(living.cluster);
      const { before, made } = rememberedWork(context);
      for (const { ref, change } of before) await cluster.merge(ref, change);
      const going: string[] = [];
      for (const ref of made.filter(({ kind }) => kind !== 'Secret')) {
        const found = await cluster.read(ref);
        if (found?.metadata.labels?.['greenlight.dev/request'] !== context.request.key) continue;
        const removal = await cluster.remove(ref, ownershipLabels(context.request.key));
        if (removal.state === 'going') going.push(removal.waitsFor);
      }
      const [waitsFor] = going;
      if (waitsFor !== undefined) {
        const againInMs = lookAgainIn(context, lookAgain);
        return { state: 'waiting', note: `waiting for ${waitsFor}`, againInMs };
      }
      await nameSecrets(made, cluster, context);
      return { state: 'done', note: 'as it was before' };
    },
  },
];

/**
 * No right to look at one, or to take it away (create/secret.ts): when all else is as it was.
 * @throws ProblemError `undo_failed` with those that are there; there were none before.
 */
async function nameSecrets(
  made: readonly ManifestRef[],
  cluster: Cluster,
  context: StepContext,
): Promise<void> {
  const names: string[] = [];
  for (const ref of made.filter(({ kind }) => kind === 'Secret')) {
    if (await isTaken(cluster, ref, context)) names.push(ref.name);
  }
  if (names.length === 0) return;
  throw new ProblemError(
    problem(
      'undo_failed',
      `The Secret ${listOf(names)} stays: Greenlight may make one, and neither look at it nor remove it.`,
      'Remove it by hand, or leave it to the end of the environment.',
    ),
  );
}

interface Work {
  readonly record: LivingRecord;
  readonly operation: BlueprintOperation;
  readonly scope: BlueprintScope;
  readonly cluster: Cluster;
  readonly patches: readonly {
    readonly ref: ManifestRef;
    readonly change: Readonly<Record<string, unknown>>;
    readonly resource: BlueprintResource;
  }[];
  /** Those of the blueprint, as they are called in this environment. */
  readonly refs: readonly (readonly [string, ManifestRef])[];
}

/** @throws ProblemError when the environment, its blueprint or the operation is not what was agreed to (any more). */
async function workFor(asked: OperateInput, context: StepContext): Promise<Work> {
  const record = await agreedRecord(asked.name, context);
  const { living } = record;
  const known = operationsCalled(asked.operation, context.catalog).find(
    ({ blueprint: one }) => one.name === living.blueprint,
  );
  if (!known || digestText(known.blueprint) !== context.resolved.blueprint)
    throw new ProblemError(edited(asked));
  const { blueprint, operation } = known;
  const scope = operationScope(record, asked.values, context);
  const refs = (living.objects ?? []).map((object) => [object.resource, object] as const);
  const patches = operation.patches.map((patch) => {
    const ref = refs.find(([name]) => name === patch.resource)?.[1];
    const resource = blueprint.resources.find(({ name }) => name === patch.resource);
    if (!ref || !resource) throw new ProblemError(withoutResource(patch.resource, asked.name));
    return { ref, resource, change: patch.change(scope) };
  });
  return { record, operation, scope, patches, refs, cluster: context.cluster(living.cluster) };
}

export function operationScope(
  { living, size, team }: LivingRecord,
  input: OperateInput['values'],
  { requester, request }: Pick<StepContext, 'requester'> & { readonly request?: { readonly id: string } },
): BlueprintScope {
  return {
    environment: { name: living.name, namespace: living.namespace, team, owner: ownerOf(requester), ...size },
    input,
    operation: { id: (request?.id ?? 'req').toLowerCase() },
  };
}

async function patchAll(work: Work, context: StepContext): Promise<Standing[]> {
  const { patches, cluster, scope, refs } = work;
  return Promise.all(
    patches.map(async ({ ref, change, resource }) => {
      const found = await ownOf(ref, work);
      if (!isInEffect(found, change)) await cluster.merge(ref, change);
      const now = (await cluster.read(ref)) ?? found;
      const observed = await observe(
        cluster,
        refs.filter(([name]) => resource.reads.includes(name)),
      );
      return standingOf({ resource, found: now, scope, observed, cluster, context });
    }),
  );
}

/**
 * The object as it is there.
 * @throws ProblemError `not_found` when somebody deleted it, `conflict` when another has its name by now.
 */
async function ownOf(ref: ManifestRef, { cluster, record }: Work): Promise<Manifest> {
  const found = await cluster.read(ref);
  if (!found) throw new ProblemError(goneResource(ref));
  const { labels = {} } = found.metadata;
  const isOwn =
    labels['app.kubernetes.io/managed-by'] === 'greenlight' &&
    labels['greenlight.dev/environment'] === record.living.name;
  if (isOwn) return found;
  throw new ProblemError(
    problem(
      'conflict',
      `The ${ref.kind} ${ref.name} that is there now is not the one of ${record.living.name}.`,
      'Ask whoever made it, then have the environment repaired: `/env repair`.',
    ),
  );
}

/** What it makes with these values: some of its resources are for others. */
function wantedIn({ operation, scope }: Work): readonly BlueprintResource[] {
  return operation.resources.filter((resource) => resource.isWanted(scope));
}

/** One after the other, each when those it needs are ready. */
async function makeAll(work: Work, context: StepContext): Promise<Standing[]> {
  const { operation, cluster, scope, refs } = work;
  const standings: Standing[] = [];
  const own = operation.resources.map((resource) => [resource.name, resource.ref(scope)] as const);
  for (const resource of wantedIn(work)) {
    const read = [...refs, ...own].filter(([name]) => resource.reads.includes(name));
    const observed = await observe(cluster, read);
    const manifest = marked(resource.manifest(scope, observed), context);
    if (resource.kind === 'Secret') {
      await cluster.createSecret(manifest, resource.generated);
      continue;
    }
    const found = await bring(cluster, resource.ref(scope), manifest, context);
    const standing = await standingOf({ resource, found, scope, observed, cluster, context });
    standings.push(standing);
    if (standing.state !== 'ready') break;
  }
  return standings;
}

const refSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
});
const beforeSchema = z.array(z.object({ ref: refSchema, change: z.record(z.string(), z.unknown()) }));

function rememberedWork({ results }: StepContext) {
  const { before = '[]', made = '[]' } = results.remember ?? {};
  return {
    before: beforeSchema.parse(JSON.parse(before)) as readonly {
      ref: ManifestRef;
      change: Record<string, unknown>;
    }[],
    made: z.array(refSchema).parse(JSON.parse(made)) as readonly ManifestRef[],
  };
}

function notDone(why: string): Problem {
  return problem(
    'step_failed',
    `The operation did not work: ${why.replace(/\.$/, '')}.`,
    'It was taken back. Mend the cause and ask again.',
  );
}

function goneResource({ kind, name }: ManifestRef): Problem {
  return problem(
    'not_found',
    `The ${kind} ${name} is gone: somebody deleted it.`,
    'Ask for a new environment, or have this one repaired: `/env repair`.',
  );
}

function withoutResource(resource: string, environment: string): Problem {
  return problem(
    'not_found',
    `${environment} was made without "${resource}", which this operation changes.`,
    'Choose another operation.',
  );
}

function edited({ operation, name }: OperateInput): Problem {
  return problem(
    'plan_changed',
    `The blueprint of ${name} was edited, and ${operation} is no longer what was agreed to.`,
    'Ask again.',
  );
}
