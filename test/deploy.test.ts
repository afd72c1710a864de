/** What deploy/greenlight.yml says of us is so. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { startFile, startFlags } from '../bench/process/start-command.ts';
import { socketCount } from '../src/handlers/slack-app.ts';
import { limits } from '../src/sandbox/slack/limits.ts';
import { settingNames } from '../src/settings/settings.ts';
import { graceMs } from '../src/wiring/end-app.ts';

const root = new URL('..', import.meta.url);
const documents: unknown[] = parseAllDocuments(
  readFileSync(new URL('deploy/greenlight.yml', root), 'utf8'),
).map((one) => one.toJS());

const probe = z.object({
  httpGet: z.object({ path: z.enum(['/healthz', '/readyz']), port: z.literal('health') }),
});
const deployment = z
  .object({
    kind: z.literal('Deployment'),
    spec: z.object({
      replicas: z.int(),
      strategy: z.object({ rollingUpdate: z.object({ maxSurge: z.int(), maxUnavailable: z.literal(0) }) }),
      template: z.object({
        spec: z.object({
          terminationGracePeriodSeconds: z.int(),
          containers: z.tuple([
            z.object({
              env: z.array(z.object({ name: z.string(), value: z.string() })),
              livenessProbe: probe,
              readinessProbe: probe,
              startupProbe: probe,
              lifecycle: z.object({ preStop: z.object({ sleep: z.object({ seconds: z.int() }) }) }),
            }),
          ]),
        }),
      }),
    }),
  })
  .parse(documents[0]).spec;
const { containers, terminationGracePeriodSeconds } = deployment.template.spec;
const [container] = containers;

test('the grace period has room for an orderly end', () => {
  const needed = container.lifecycle.preStop.sleep.seconds + graceMs / 1000 + 3;
  expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(needed);
});

test('an upgrade stays within the sockets that Slack gives an app', () => {
  const { replicas, strategy } = deployment;
  const most = (replicas + strategy.rollingUpdate.maxSurge) * socketCount;
  expect(most).toBeLessThanOrEqual(limits.sockets.max);
});

test('being alive does not depend on the outside, being ready does', () => {
  expect(container.livenessProbe.httpGet.path).toBe('/healthz');
  expect(container.startupProbe.httpGet.path).toBe('/healthz');
  expect(container.readinessProbe.httpGet.path).toBe('/readyz');
});

test('every setting that it names is one, and one replica stays when a node is emptied', () => {
  for (const { name } of container.env) expect(settingNames).toContain(name);
  const budget = z.object({
    kind: z.literal('PodDisruptionBudget'),
    spec: z.object({ minAvailable: z.int() }),
  });
  expect(budget.parse(documents[1]).spec.minAvailable).toBeLessThan(deployment.replicas);
});

const dockerfile = readFileSync(new URL('deploy/Dockerfile', root), 'utf8');

test('the image starts the bot as `npm start` does', () => {
  const command = /^CMD (\[.+\])$/m.exec(dockerfile)?.[1] ?? '[]';
  expect(JSON.parse(command)).toEqual(['node', ...startFlags, startFile]);
});

test('what the image copies is there', () => {
  const copied = [...dockerfile.matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, from = '']) => from.split(' '));
  expect(copied.length).toBeGreaterThan(2);
  for (const path of copied) expect(existsSync(new URL(path, root)), path).toBe(true);
});
