/** A team that would like more, and longer, than it was given; and another that would like what is not its own. */
import { expect, test } from 'vitest';
import { adoptTarget } from '../../src/actions/environment/adopt-target.ts';
import type { TargetContext } from '../../src/core/action.ts';
import { lifeWorld } from '../actions/life-world.ts';
import { catalog } from '../approvals/shipped.ts';

test('a sleep of a minute does not give days that nobody counts', async () => {
  const { run, make, made } = await lifeWorld();
  await make({ ttl: '1d' });
  await run('sleep', { by: '1d' });
  await run('wake');
  await run('sleep', { by: '1d' });
  const { extensions = [] } = await made();
  const days = extensions.reduce((sum, { from, until }) => sum + until - from, 0) / 86_400_000;
  expect(days).toBe(2);
});

test.each([
  'kube-system', 'default', 'kube-node-lease', 'openshift-ingress', 'istio-system', 'calico-system', 'argocd',
  'flux-system', 'cert-manager', 'ingress-nginx', 'vault', 'external-secrets', 'tekton-pipelines', 'rook-ceph',
  'gke-managed-system', 'cnpg-operator', 'greenlight', 'payments-production', 'env-mine',
])('the namespace %s is adopted by nobody', (name) => {
  const environments = [{ name: 'mine', namespace: 'env-mine', requestId: 'REQ-1' }];
  const known = { catalog, requesterGroups: ['checkout'], environments } as unknown as TargetContext;
  expect(adoptTarget({ name, ttl: '3d' }, known)).toMatchObject({ ok: false, problem: { code: 'bad_input' } });
}); // biome-ignore format: a table of names
