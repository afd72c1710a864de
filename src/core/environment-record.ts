/** An environment and its history, read from the request that made it or is about to. */
import { z } from 'zod';
import type { KnownEnvironment } from './action.ts';
import type { Blueprint } from './blueprint.ts';
import type { Catalog } from './catalog.ts';
import type { CostFacts } from './facts.ts';
import type { Moment, RequestId } from './ids.ts';
import type { Life } from './life.ts';
import { lifeOf } from './live-on.ts';
import { asleepCost, costOf, type Size } from './prices.ts';
import { ProblemError } from './problem.ts';
import type { Extension, PlatformRequest, RequestStatus } from './request.ts';

export interface EnvironmentRecord {
  readonly name: string;
  readonly blueprint: string;
  readonly team: string;
  readonly requestId: RequestId;
  /** Who asked for it, by name. */
  readonly requester: string;
  readonly status: RequestStatus;
  readonly size: Size & { readonly replicas: number };
  /** What it costs is counted from here: when its parts began to be made. */
  readonly since: Moment;
  /** None while it is on its way. */
  readonly living?: KnownEnvironment;
  readonly extensions: readonly Extension[];
  readonly life: Life;
  /** What it was asked for with, as the action that made it read it. */
  readonly input: Readonly<Record<string, unknown>>;
  /** As expressions of a blueprint know whoever asked: the e-mail address, or the id in chat. */
  readonly owner: string;
  /** Of the blueprint as it was approved; it may have been edited since. */
  readonly blueprintDigest?: string;
  /** What was handed over with it: how to read the connection details. */
  readonly notes: readonly string[];
}

/** The actions that make an environment. */
export const makers = ['environment.create', 'environment.adopt'] as const;

/** The part of the input of `environment.create` that says what it is and how large. */
const orderSchema = z.object({
  blueprint: z.string().catch(''),
  cpu: z.number().catch(0),
  memoryGi: z.number().catch(0),
  replicas: z.number().catch(1),
});

export function environmentRecord(request: PlatformRequest): EnvironmentRecord {
  const { outputs, target } = request;
  const { blueprint, ...size } = orderSchema.parse(request.input);
  const living = outputs?.environment;
  const digest = request.preview?.resolved.blueprint;
  return {
    name: target.name,
    blueprint,
    team: target.team,
    requestId: request.id,
    requester: request.requester.name,
    status: request.status,
    size,
    since: request.startedAt ?? request.createdAt,
    ...(living ? { living } : {}),
    extensions: request.extensions ?? [],
    life: lifeOf(request),
    input: request.input,
    owner: request.requester.email ?? request.requester.id,
    ...(digest === undefined ? {} : { blueprintDigest: digest }),
    notes: outputs?.notes ?? [],
  };
}

type PriceList = Pick<Catalog, 'prices' | 'blueprints'>;

/**
 * What it costs awake by the catalog's prices of today. Where those do not say it (its blueprint was edited since, or
 * its size is not known), what it cost when it was last awake.
 */
export function awakeCost(record: EnvironmentRecord, { prices, blueprints }: PriceList): CostFacts {
  const { size, life, living } = record;
  const blueprint = living && blueprints[living.blueprint];
  const isAsApproved =
    blueprint?.digest.startsWith(record.blueprintDigest ?? '') ?? size.cpu + size.memoryGi > 0;
  const extra = isAsApproved ? extraPerHour(record, blueprint, prices) : undefined;
  const last = life.spans.findLast((one) => !one.isAsleep)?.perHour ?? 0;
  const perHour = extra === undefined ? last / 1_000_000 : costOf(size, prices).perHour + extra;
  return { perHour, perDay: perHour * 24 };
}

/** The same as it is now, asleep or awake. */
export function costNow(record: EnvironmentRecord, catalog: PriceList): CostFacts {
  const awake = awakeCost(record, catalog);
  return record.life.sleep ? asleepCost(awake, catalog.prices) : awake;
}

/** `undefined` when the blueprint no longer takes what it was made with. */
function extraPerHour(
  { name, team, owner, size, input, living }: EnvironmentRecord,
  blueprint: Blueprint | undefined,
  prices: Catalog['prices'],
): number | undefined {
  if (!living || !blueprint) return 0;
  const values = blueprint.inputs.check(valuesSchema.parse(input.values));
  if (!values.ok) return undefined;
  const environment = { name, namespace: living.namespace, team, owner, ...size };
  try {
    return blueprint.extraPerHour({ environment, input: values.value }, prices);
  } catch (error) {
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}

const valuesSchema = z.record(z.string(), z.unknown()).catch({});
