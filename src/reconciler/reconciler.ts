/**
 * Compares what is recorded of environments with what is there, and lets them sleep at night. It changes nothing in the
 * world by itself, but for the rights of whoever left a team (rights.ts): what it sees becomes an event, what is to be
 * done becomes a request. It keeps nothing either, so that a restart, or two of them, change nothing.
 */
import type { KnownEnvironment } from '../core/action.ts';
import type { Catalog } from '../core/catalog.ts';
import type { Cluster } from '../core/cluster.ts';
import { compareEnvironments, namespaceLabels } from '../core/compare-environments.ts';
import { hourMs, minuteMs } from '../core/duration.ts';
import { costNow, type EnvironmentRecord } from '../core/environment-record.ts';
import type { Moment } from '../core/ids.ts';
import { micros } from '../core/life.ts';
import type { Clock, Log, Scheduler } from '../core/ports.ts';
import { problemFrom } from '../core/problem.ts';
import type { LifeDesk } from '../desk/life-desk.ts';
import { nightEnd } from './nights.ts';
import { followMembers } from './rights.ts';

export interface ReconcilerOptions {
  readonly desk: LifeDesk;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** As it is in force: with everybody who is in a team now, not only those whom the file names. */
  catalog(): Catalog;
  cluster(name: string): Cluster;
  /** When an environment was last called from outside, where somebody can tell. */
  lastTraffic?(record: EnvironmentRecord): Promise<Moment | undefined>;
}

export interface Reconciler {
  /** One whole look, now. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/** Nights begin and end by the minute; nothing outside is asked for that. */
const nightsEvery = minuteMs;
/** One list of namespaces per cluster: cheap, and soon enough for what nobody is waiting for. */
const clustersEvery = 5 * minuteMs;
/** Whoever used it a moment ago works late. */
const idleBeforeNight = hourMs;
/** A night shorter than this is over before it is worth it. */
const nightMin = 10 * minuteMs;

export function startReconciler(options: ReconcilerOptions): Reconciler {
  const { clock, scheduler, log } = options;
  const reported = new Set<string>();
  let clustersDueAt = clock.now();
  let working = Promise.resolve();
  let isStopping = false;
  let alarm = scheduler.after(nightsEvery, tick);

  function tick(): void {
    alarm.cancel();
    if (isStopping) return;
    const isDue = clock.now() >= clustersDueAt;
    if (isDue) clustersDueAt = clock.now() + clustersEvery;
    void work(isDue).finally(() => {
      if (!isStopping) alarm = scheduler.after(nightsEvery, tick);
    });
  }

  /** One at a time. What fails is looked at again next time. */
  function work(withClusters: boolean): Promise<void> {
    working = working.then(async () => {
      await attempt('the nights', () => nights(options));
      if (!withClusters) return;
      await attempt('the prices', () => prices(options));
      await attempt('the traffic', () => traffic(options));
      let names: readonly string[] = [];
      await attempt('the environments', async () => {
        names = clusterNames(options.catalog(), await options.desk.records());
      });
      for (const name of names) {
        await attempt(`the cluster ${name}`, async () => {
          await lookAt(name, options, reported);
          await followMembers(
            name,
            options.cluster(name),
            await options.desk.records(),
            options.catalog(),
            log,
          );
        });
      }
    });
    return working;
  }

  /** Nothing more once it was stopped: a slow cluster takes its time, and whoever stops us waits. */
  async function attempt(what: string, look: () => Promise<void>): Promise<void> {
    if (isStopping) return;
    try {
      await look();
    } catch (error) {
      log.warn({ problem: problemFrom(error) }, `the reconciler could not look at ${what}`);
    }
  }

  return {
    look: () => work(true),
    async stop() {
      isStopping = true;
      alarm.cancel();
      await working;
    },
  };
}

/** Where environments are made, and where those that live were made before the catalog named another cluster. */
function clusterNames({ environments }: Catalog, records: readonly EnvironmentRecord[]): readonly string[] {
  const living = records.flatMap((one) => (one.living ? [one.living.cluster] : []));
  return [...new Set([environments.cluster, ...living])];
}

async function nights({ desk, clock, catalog }: ReconcilerOptions): Promise<void> {
  const now = clock.now();
  for (const { requestId, living, life } of await desk.records()) {
    if (!living || living.expiresAt <= now) continue;
    const { name } = living;
    const wakesAt = life.sleep?.wakesAt;
    if (wakesAt !== undefined && wakesAt <= now) {
      // One that did not wake (its cluster was away) is tried again the next hour, as a request of its own.
      const hoursOver = Math.floor((now - wakesAt) / hourMs);
      await desk.ask(`morning:${requestId}:${wakesAt}:${hoursOver}`, 'environment.wake', { name });
    }
    if (life.sleep || now - life.usedAt < idleBeforeNight) continue;
    const end = nightEnd(life, catalog(), now);
    if (end === undefined || end - now < nightMin) continue;
    // Once a night: whoever wakes it meanwhile wants it awake.
    const input = { name, for: `${Math.ceil((end - now) / 1000)}s` };
    await desk.ask(`night:${requestId}:${end}`, 'environment.sleep', input);
  }
}

/** The price that held is part of what is recorded: a report of last month does not change with the catalog. */
async function prices({ desk, catalog }: ReconcilerOptions): Promise<void> {
  for (const record of await desk.records()) {
    if (!record.living) continue;
    const perHour = micros(costNow(record, catalog()).perHour);
    if (record.life.spans.at(-1)?.perHour === perHour) continue;
    await desk.sight(record.requestId, { type: 'repriced', perHour });
  }
}

async function traffic({ desk, lastTraffic }: ReconcilerOptions): Promise<void> {
  if (!lastTraffic) return;
  for (const record of await desk.records()) {
    const at = record.living && (await lastTraffic(record));
    // By the hour: that somebody uses it is one fact, not one for every look.
    if (at !== undefined && at - record.life.usedAt >= hourMs)
      await desk.sight(record.requestId, { type: 'used' });
  }
}

async function lookAt(
  name: string,
  { desk, clock, log, cluster }: ReconcilerOptions,
  reported: Set<string>,
): Promise<void> {
  // In this order: what is made in between is recorded and not yet listed, and looked at once more below.
  const found = await cluster(name).list({ apiVersion: 'v1', kind: 'Namespace', labels: namespaceLabels });
  const { missing, unknown } = compareEnvironments(name, await desk.records(), found);
  for (const { requestId, living } of missing) {
    if (living && (await isThere(cluster(name), living.namespace))) continue;
    // Asked after the look: a removal that began before it is known by now.
    if ((await desk.removals()).has(living?.name ?? '')) continue;
    if (living && hasMore(living)) {
      // What it has elsewhere (a place in a team, say) would outlive it unseen. Tried again every hour until it is gone.
      const hour = Math.floor(clock.now() / hourMs);
      await desk.ask(`remains:${requestId}:${hour}`, 'environment.destroy', { name: living.name });
      log.warn({ request: requestId }, 'an environment was removed by hand; the rest of it is removed now');
      continue;
    }
    await desk.sight(requestId, { type: 'gone' });
    log.warn({ request: requestId, namespace: living?.namespace }, 'an environment was removed by hand');
  }
  for (const { namespace, request } of unknown) {
    if (reported.has(namespace) || !(await isThere(cluster(name), namespace))) continue;
    reported.add(namespace);
    log.warn(
      { cluster: name, namespace, request },
      `the namespace ${namespace} carries Greenlight's labels and no request knows of it: it costs, and nothing ends it. \`/env adopt ${namespace}\` gives it an owner and an end; else remove it by hand`,
    );
  }
}

function hasMore({ namespace, parts = [], objects = [] }: KnownEnvironment): boolean {
  return parts.length > 0 || objects.some((object) => object.namespace !== namespace);
}

async function isThere(cluster: Cluster, name: string): Promise<boolean> {
  const found = await cluster.read({ apiVersion: 'v1', kind: 'Namespace', name });
  return found !== undefined && !('deletionTimestamp' in found.metadata);
}
