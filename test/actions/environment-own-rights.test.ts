/** What somebody is shown of an environment is what the cluster lets them see, though Greenlight may see more. */
import { expect, test } from 'vitest';
import environmentShow from '../../src/actions/environment.show.ts';
import type { KnownEnvironment, ReadContext } from '../../src/core/action.ts';
import type { EnvironmentRecord } from '../../src/core/environment-record.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { catalog } from '../approvals/shipped.ts';
import { dana, sam } from '../desk/desk-world.ts';
import { adminToken, clusterSandbox, namespace, webDeployment } from '../platforms/kubernetes/world.ts';

const hour = 3_600_000;

test('somebody whom the cluster does not know reads of its life, and of nothing inside it', async () => {
  const { impersonating, clock, signIn } = await clusterSandbox();
  const admin = signIn(adminToken);
  await admin.apply(namespace('env-a'));
  await admin.apply(webDeployment('registry.acme.example/secret-project:1'));
  const living: KnownEnvironment = {
    name: 'a',
    blueprint: 'web-service',
    team: 'checkout',
    cluster: 'sandbox',
    namespace: 'env-a',
    requestId: requestIdOf(1),
    url: '',
    expiresAt: clock.now() + hour,
    objects: [
      { resource: 'web', apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'env-a' },
    ],
  };
  const record: EnvironmentRecord = {
    name: 'a',
    blueprint: 'web-service',
    team: 'checkout',
    requestId: living.requestId,
    requester: 'Dana',
    status: 'succeeded',
    size: { cpu: 2, memoryGi: 4, replicas: 1 },
    since: clock.now(),
    living,
    extensions: [],
    life: { spans: [], changedBy: [], usedAt: clock.now() },
    input: {},
    owner: 'dana@acme.example',
    notes: [],
  };
  const cluster = impersonating();
  const shownTo = async (requester: typeof dana) => {
    if (environmentShow.effect !== 'read') throw new Error('no read');
    const context = {
      catalog,
      requester,
      now: clock.now(),
      cluster: () => cluster,
      environments: async () => [living],
      environmentRecords: async () => [record],
      history: async () => [],
    } as Partial<ReadContext> as ReadContext;
    return JSON.stringify(await environmentShow.answer({ name: 'a' }, context));
  };
  const toStranger = await shownTo({ ...dana, email: 'new@acme.example' });
  expect(toStranger).toContain('Greenlight has no right to impersonate users');
  expect(toStranger).not.toMatch(/ready|Changed by hand|secret-project/);
  expect(await shownTo(sam)).toContain('of 1 ready');
});
