/** What real API servers answered, read by our own eyes. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { diagnose } from '../../../src/platforms/kubernetes/diagnose.ts';
import { troublesOfPod } from '../../../src/platforms/kubernetes/pod-troubles.ts';
import { problemOf } from '../../../src/platforms/kubernetes/problems.ts';
import { waitsFor } from '../../../src/platforms/kubernetes/removal.ts';
import {
  anyObjectSchema,
  deploymentSchema,
  eventSchema,
  listSchema,
  podSchema,
  replicaSetSchema,
} from '../../../src/platforms/kubernetes/shapes.ts';
import { type Status, StatusError } from '../../../src/platforms/kubernetes/transport.ts';
import { readShared } from '../shared-data.ts';
import { now } from './objects.ts';

const lineSchema = z.object({
  scenario: z.string(),
  step: z.string(),
  status: z.number(),
  body: z.unknown().optional(),
});

describe.each(['1.32', '1.36'])('answers of Kubernetes %s', (version) => {
  const text = readShared(`kubernetes/answers-${version}.jsonl`);
  const lines = (text ?? '')
    // The recorder put placeholders where numbers differ from run to run.
    .replaceAll('"count":"<count>"', '"count":2')
    .split('\n')
    .filter(Boolean)
    .map((line) => lineSchema.parse(JSON.parse(line)));
  const answer = (scenario: string, step: string) => {
    const line = lines.find((one) => one.scenario === scenario && one.step === step);
    if (!line) throw new Error(`no answer recorded for ${scenario} / ${step}`);
    return line;
  };
  const items = <Item extends z.ZodType>(schema: Item, scenario: string, step: string) =>
    listSchema(schema).parse(answer(scenario, step).body).items ?? [];
  const sentence = (scenario: string, step: string) => {
    const { status, body } = answer(scenario, step);
    const details = z
      .object({ details: z.object({ causes: z.array(z.unknown()).default([]) }).prefault({}) })
      .loose();
    const said = { message: '', reason: '', ...details.parse(body) } as unknown as Status;
    return problemOf(new StatusError(status, said, undefined), 'sandbox', 'ConfigMap one').problem;
  };

  it.skipIf(!text).each([
    ['running', /^$/],
    ['crash', /^CrashLoopBackOff: the container main exits with code 1$/],
    ['oom', /^OOMKilled: the container main was killed because it needs more memory/],
    ['unready', /^Not ready: the container main runs, but has not passed its readiness probe$/],
    [
      'imagepull',
      /^ImagePullBackOff: the image registry\.example\/imagepull:1 cannot be pulled: .*not found/,
    ],
    ['unschedulable', /^Unschedulable: no node takes the Pod: 0\/2 nodes are available/],
  ])('the story of the Pod %s is told as %s', (name, told) => {
    const pod = podSchema.parse(answer('pod-states', `${name} status`).body);
    const events = items(eventSchema, 'pod-states', `${name} events`);
    expect(troublesOfPod(pod, events, now)[0]?.text ?? '').toMatch(told);
  });

  it.skipIf(!text)('a quota stall is seen, though every Pod is well', () => {
    const seen = diagnose({
      deployment: deploymentSchema.parse(answer('deployment-quota-stall', 'replica failure').body),
      replicaSets: items(replicaSetSchema, 'deployment-quota-stall', 'replica set status'),
      pods: [],
      events: items(eventSchema, 'deployment-quota-stall', 'failed create events'),
      now,
    });
    expect(seen).toMatchObject({ wanted: 3, ready: 1, isSettled: false, mayRecover: false });
    expect(seen.troubles).toEqual([
      'FailedCreate: Pods cannot be created: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
    ]);
  });

  it.skipIf(!text)('a rollout past its deadline and a settled one are told apart', () => {
    const late = deploymentSchema.parse(answer('deployment-deadline', 'deadline exceeded').body);
    const done = deploymentSchema.parse(answer('deployment-rollout', 'rolled out').body);
    const nothing = { replicaSets: [], pods: [], events: [], now };
    expect(diagnose({ deployment: late, ...nothing })).toMatchObject({ isSettled: false, mayRecover: false });
    expect(diagnose({ deployment: done, ...nothing })).toMatchObject({ isSettled: true, troubles: [] });
  });

  it.skipIf(!text)('a namespace that hangs says on what', () => {
    const namespace = anyObjectSchema.parse(answer('namespace-life', 'terminating with conditions').body);
    expect(waitsFor(namespace)).toMatch(
      /example\.com\/hold in 1 resource instances; Some resources are remaining/,
    );
    expect(waitsFor(anyObjectSchema.parse(answer('finalizers', 'still there').body))).toBe(
      'the finalizer example.com/hold',
    );
    expect(
      waitsFor(anyObjectSchema.parse(answer('deletion-policies', 'owner waits for its dependents').body)),
    ).toBe('what it owns is being deleted first');
  });

  it.skipIf(!text)('a conflict names the other manager and the fields', () => {
    expect(sentence('apply', 'second manager, other value conflicts')).toMatchObject({
      code: 'conflict',
      sentence:
        'ConfigMap one in the cluster sandbox is also managed by alpha, who set data.a and data.b to something else.',
    });
  });

  it.skipIf(!text)('a field that does not exist is our mistake, though the server answers 500', () => {
    const found = sentence('apply', 'apply unknown field');
    expect(found).toMatchObject({ code: 'outside_refused' });
    expect(found.sentence).toContain('.bogus: field not declared in schema');
    expect(found.isTransient).toBeUndefined();
  });

  it.skipIf(!text)('a namespace on its way out is worth waiting for', () => {
    expect(sentence('namespace-life', 'create inside a terminating namespace')).toMatchObject({
      code: 'conflict',
      isTransient: true,
    });
  });

  it.skipIf(!text)('what Pod Security refuses names the violated fields', () => {
    expect(sentence('pod-security', 'refused').sentence).toContain('allowPrivilegeEscalation');
  });

  it.skipIf(!text)('a missing right names itself and where rights are listed', () => {
    const found = sentence('rbac', 'service account forbidden');
    expect(found.sentence).toBe('Greenlight has no right to list configmaps in the cluster sandbox.');
    expect(found.next).toContain('deploy/kubernetes-rbac.yml');
  });

  it.skipIf(!text)('a wrong token is told as credentials that are not accepted', () => {
    expect(sentence('errors-auth', 'wrong token')).toMatchObject({ code: 'outside_refused' });
  });
});
