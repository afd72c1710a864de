/**
 * What every operator of the box is: a definition that it brings along, and the way from a wish to its status. How long
 * it takes, its finalizer and its deletion are the same for all; what it makes and how it reports is its own.
 */
import { recordEvent } from '../controllers/events.ts';
import { type Controller, own } from '../controllers/loop.ts';
import { change, setStatus } from '../controllers/tools.ts';
import { asJson, at } from '../json.ts';
import type { JsonObject, KubeObject } from '../types.ts';
import { type ClusterWorld, failureAnnotation, timestamp } from '../world.ts';

export interface Operator {
  readonly name: string;
  readonly definition: JsonObject;
  /** `group/plural`, as the store knows it. */
  readonly storage: string;
  /** Who its fields belong to. */
  readonly manager: string;
  /** Put on every object, unless it is only honoured where somebody else has put it. */
  readonly finalizer?: { readonly name: string; readonly isOnlyHonoured?: true };
  /** From a wish until it is carried out, when nothing has to be waited for; and from a deletion until its end. In ms. */
  readonly takesMs: number;
  readonly leavesMs: number;
  /** What somebody who breaks it without a message of their own reads. */
  readonly trouble: string;
  /** Makes what is wished for, as often as it is called, and says how that is. */
  make(world: ClusterWorld, object: KubeObject): Made;
  /** The status while at work, when it failed, and when it is done. */
  report(object: KubeObject, at: Report): JsonObject;
  /** Why it cannot end this one now, in its own words: what it needs for that in the namespace is gone. */
  cannotLeave?(world: ClusterWorld, object: KubeObject): string | undefined;
  /** Takes away what it has made. */
  takeAway(world: ClusterWorld, object: KubeObject): void;
  /** The wishes that one of its Deployments belongs to, by its labels: a change of it is looked at. */
  ownerOf?(labels: Readonly<Record<string, string>>, namespace: string): string | undefined;
}

export type Made =
  | { readonly state: 'done' }
  | { readonly state: 'coming' | 'failed'; readonly message: string };

export type Report = Made & { readonly now: string };

/** Helm's own default, which most operators that install charts share. */
const patienceMs = 300_000;

export function operatorController(world: ClusterWorld, operator: Operator): Controller {
  /** When each wish was first seen, by uid and generation. A restart forgets it, as a real operator does. */
  const seenAt = new Map<string, number>();
  return {
    delayMs: 100,
    keysOf(change) {
      if (change.storage !== 'apps/deployments') return own(change, operator.storage);
      const { labels = {}, namespace = '' } = change.object.metadata;
      const key = operator.ownerOf?.(labels, namespace);
      return key === undefined ? [] : [key];
    },
    reconcile(namespace, name) {
      const object = world.store.get(operator.storage, namespace, name);
      if (!object) return undefined;
      if (object.metadata.deletionTimestamp) return leave(world, operator, object);
      if (at(asJson(object), 'spec', 'suspend') === true) return undefined;
      if (adopt(world, operator, object)) return undefined;
      const wish = `${object.metadata.uid}/${object.metadata.generation}`;
      const first = seenAt.get(wish) ?? firstSeen(world, object);
      seenAt.set(wish, first);
      const elapsed = world.clock.now() - first;
      const report = (made: Made) =>
        setStatus(
          world,
          object,
          operator.report(object, { ...made, now: timestamp(world.clock.now()) }),
          operator.manager,
        );
      if (elapsed < operator.takesMs) {
        report({ state: 'coming', message: '' });
        return operator.takesMs - elapsed;
      }
      const trouble = object.metadata.annotations?.[failureAnnotation];
      if (trouble !== undefined) {
        recordEvent(world, object, 'Warning', 'ReconcileError', trouble, { component: operator.manager });
        report({ state: 'failed', message: trouble });
        return undefined;
      }
      const made = operator.make(world, object);
      const isLate = made.state === 'coming' && elapsed >= patienceMs;
      report(isLate ? { state: 'failed', message: made.message } : made);
      return made.state === 'coming' && !isLate ? patienceMs - elapsed : undefined;
    },
  };
}

/** A first wish is as old as its object, also for an operator that was restarted meanwhile. */
function firstSeen(world: ClusterWorld, { metadata }: KubeObject): number {
  return metadata.generation === 1 ? Date.parse(metadata.creationTimestamp) : world.clock.now();
}

/** Puts the finalizer on, and the trouble that was ordered for the next of its kind. Whether anything was written. */
function adopt(world: ClusterWorld, operator: Operator, object: KubeObject): boolean {
  const { finalizer } = operator;
  const wanted = finalizer !== undefined && !finalizer.isOnlyHonoured ? [finalizer.name] : [];
  const missing = wanted.filter((one) => !object.metadata.finalizers?.includes(one));
  const trouble = orderedTrouble(world, operator, object);
  if (missing.length === 0 && trouble === undefined) return false;
  const write = (edit: Partial<KubeObject['metadata']>) =>
    change(world, object, (live) => ({ ...live, metadata: { ...live.metadata, ...edit } }), operator.manager);
  write({
    finalizers: [...(object.metadata.finalizers ?? []), ...missing],
    annotations: {
      ...object.metadata.annotations,
      ...(trouble === undefined ? {} : { [failureAnnotation]: trouble }),
    },
  });
  return true;
}

function orderedTrouble(world: ClusterWorld, operator: Operator, object: KubeObject): string | undefined {
  if (object.metadata.annotations?.[failureAnnotation] !== undefined) return undefined;
  const { namespace = '', name } = object.metadata;
  const byName = world.knobs.failNext.get(`${namespace}/${name}`);
  if (byName !== undefined) return operator.trouble;
  const index = world.knobs.failNextResources.findIndex(
    (one) =>
      one.kind === object.kind && (one.namespace ?? namespace) === namespace && (one.name ?? name) === name,
  );
  const [order] = index < 0 ? [] : world.knobs.failNextResources.splice(index, 1);
  return order && (order.message ?? operator.trouble);
}

/** How soon it tries once more to end what it could not. In ms. */
const leaveAgainMs = 10_000;

function leave(world: ClusterWorld, operator: Operator, object: KubeObject): number | undefined {
  const { finalizer } = operator;
  const { deletionTimestamp = '', finalizers = [] } = object.metadata;
  if (!finalizer || !finalizers.includes(finalizer.name)) return undefined;
  const left = Date.parse(deletionTimestamp) + operator.leavesMs - world.clock.now();
  if (left > 0) return left;
  const reason = operator.cannotLeave?.(world, object);
  if (reason !== undefined) {
    recordEvent(world, object, 'Warning', 'DeletionFailed', reason, { component: operator.manager });
    return leaveAgainMs;
  }
  operator.takeAway(world, object);
  change(
    world,
    object,
    (live) => ({
      ...live,
      metadata: { ...live.metadata, finalizers: finalizers.filter((one) => one !== finalizer.name) },
    }),
    operator.manager,
  );
  return undefined;
}

/** Takes off what it was told to fail with: its operator tries again. */
export function mendResource(world: ClusterWorld, object: KubeObject): void {
  change(
    world,
    object,
    (live) => {
      const { [failureAnnotation]: _, ...annotations } = live.metadata.annotations ?? {};
      return { ...live, metadata: { ...live.metadata, annotations } };
    },
    'sandbox',
  );
}
