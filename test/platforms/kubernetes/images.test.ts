/** What a Deployment runs, changed and put back, against a cluster that really carries it out. */
import { expect, it } from 'vitest';
import { clusterSandbox, problemOfCall } from './world.ts';

const place = { namespace: 'payments-staging', deployment: 'payments' };
const wanted = {
  ...place,
  image: 'registry.acme.example/payments:1.4.2',
  version: '1.4.2',
  fence: undefined,
};

it('one image changes with the version that says so, and settles; the same again changes nothing', async () => {
  const { cluster, clock } = await clusterSandbox();
  expect(await cluster.image(place.namespace, place.deployment)).toBe('registry.acme.example/payments:1.4.1');
  await cluster.setImage(wanted);
  await clock.advance(60_000);
  const once = await cluster.workload(place.namespace, place.deployment);
  expect(once).toMatchObject({ version: '1.4.2', image: wanted.image, isSettled: true });
  const kept = (await cluster.revisions(place.namespace, place.deployment)).length;
  await cluster.setImage(wanted);
  await clock.advance(60_000);
  expect(await cluster.revisions(place.namespace, place.deployment)).toHaveLength(kept);
});

it('the whole template of a former revision comes back', async () => {
  const { cluster, clock } = await clusterSandbox();
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: place.namespace, name: 'payments' };
  const template = async () => {
    const found = await cluster.read(ref);
    return found && (found.spec as { template: unknown }).template;
  };
  const former = await template();
  await cluster.setImage(wanted);
  await clock.advance(60_000);
  const [now, before] = await cluster.revisions(place.namespace, place.deployment);
  expect(now).toMatchObject({ version: '1.4.2' });
  expect(before).toMatchObject({ version: '1.4.1', image: 'registry.acme.example/payments:1.4.1' });
  await cluster.rollBack({ ...place, revision: before?.number ?? 0, fence: undefined });
  await clock.advance(60_000);
  expect(await cluster.workload(place.namespace, place.deployment)).toMatchObject({
    ...{ version: '1.4.1', isSettled: true },
  });
  // With its ports and its limits: so it is the same ReplicaSet again, not one more.
  expect(await template()).toEqual(former);
  expect((await cluster.revisions(place.namespace, place.deployment))[0]).toMatchObject({
    ...{ number: 3, madeAt: before?.madeAt },
  });
  const gone = cluster.rollBack({ ...place, revision: 99, fence: undefined });
  expect((await problemOfCall(gone)).sentence).toContain('no longer keeps its revision 99');
});

it('a run whose lock was taken over writes nothing', async () => {
  const { cluster } = await clusterSandbox();
  await cluster.setImage({ ...wanted, fence: 20 });
  const late = cluster.setImage({ ...wanted, image: 'registry.acme.example/payments:1.4.0', fence: 10 });
  expect((await problemOfCall(late)).code).toBe('conflict');
  expect(await cluster.image(place.namespace, place.deployment)).toBe(wanted.image);
});

it('what is not there is named', async () => {
  const { cluster } = await clusterSandbox();
  const nothing = await problemOfCall(cluster.image('payments-staging', 'nothing'));
  expect(nothing.sentence).toContain('There is no Deployment nothing in payments-staging');
  const container = await problemOfCall(cluster.setImage({ ...wanted, container: 'sidecar' }));
  expect(container.sentence).toContain('has no container sidecar');
});
