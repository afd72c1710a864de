/** An environment on the bench, and what tests of its life ask of it again and again. */
import { expect, onTestFinished } from 'vitest';
import type { Answer } from '../../src/core/action.ts';
import type { Cluster, Manifest } from '../../src/core/cluster.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import { dana, value } from '../desk/desk-world.ts';
import { type Bench, benchWorld } from './bench-world.ts';

export const name = 'pr-12';
export const namespace = 'env-pr-12';

export interface LifeWorld {
  readonly bench: Bench;
  /** With all rights: what somebody does by hand. */
  readonly cluster: Cluster;
  /** Asks for `environment.<verb>` of `pr-12` and waits for its end. */
  run(verb: string, input?: object): Promise<PlatformRequest>;
  /** Two days long when nothing else is said. */
  make(input?: object): Promise<PlatformRequest>;
  /** The request that made it, as it is now. */
  made(): Promise<PlatformRequest>;
  shown(): Promise<Answer>;
  /** Replicas by name, and whether the CronJobs run. */
  numbers(): Promise<Record<string, unknown>>;
  scaleByHand(replicas: number): Promise<unknown>;
}

export async function lifeWorld(): Promise<LifeWorld> {
  const bench = await benchWorld();
  onTestFinished(() => bench.close());
  const cluster = bench.hand;
  const run: LifeWorld['run'] = async (verb, input = {}) =>
    bench.finish(await bench.ask(`environment.${verb}`, { name, ...input }));
  const list = async (apiVersion: string, kind: string) => cluster.list({ apiVersion, kind, namespace });
  const specOf = (one: Manifest) => one.spec as { replicas?: number; suspend?: boolean };

  return {
    bench,
    cluster,
    run,
    async make(input = {}) {
      const request = await run('create', { ttl: '2d', ...input });
      expect(request.problem).toBeUndefined();
      return request;
    },
    async made() {
      const [request] = await bench.context.store.list({ action: 'environment.create', limit: 1 });
      if (!request) throw new Error('nothing was made');
      return request;
    },
    async shown() {
      const origin = { surface: 'command' as const };
      const ask = { key: 'show', action: 'environment.show', input: { name }, requester: dana, origin };
      return value(await bench.desk.answer(ask));
    },
    async numbers() {
      const [deployments, sets, jobs] = await Promise.all([
        list('apps/v1', 'Deployment'),
        list('apps/v1', 'StatefulSet'),
        list('batch/v1', 'CronJob'),
      ]);
      return Object.fromEntries([
        ...[...deployments, ...sets].map((one) => [one.metadata.name, specOf(one).replicas]),
        ...jobs.map((one) => [one.metadata.name, specOf(one).suspend ? 'suspended' : 'runs']),
      ]);
    },
    scaleByHand: (replicas) =>
      cluster.merge({ apiVersion: 'apps/v1', kind: 'Deployment', ...inside('web') }, { spec: { replicas } }),
  };
}

export const textOf = ({ sentence, sections }: Answer) =>
  [sentence, ...sections.flatMap((one) => [one.title, ...one.lines, ...one.fields.map((f) => f.value)])].join(
    '\n',
  );

export const inside = (own: string) => ({ name: own, namespace });

const pod = (app: string) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: app, image: 'registry.acme.example/hello-web:1.0' }] },
});
export const queue: Manifest = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: inside('queue'),
  spec: {
    replicas: 1,
    serviceName: 'queue',
    selector: { matchLabels: { app: 'queue' } },
    template: pod('queue'),
  },
};
export const nightly: Manifest = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: inside('nightly'),
  spec: {
    schedule: '0 3 * * *',
    jobTemplate: {
      spec: { template: { ...pod('nightly'), spec: { ...pod('nightly').spec, restartPolicy: 'Never' } } },
    },
  },
};
