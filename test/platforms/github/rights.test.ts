/** deploy/github-app-permissions.yml against a GitHub that enforces it: it suffices, and one level less does not. */
import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Forge } from '../../../src/core/forge.ts';
import { connectGithub } from '../../../src/platforms/github/forge.ts';
import { createWorldClock } from '../../../src/sandbox/clock.ts';
import { createFaults } from '../../../src/sandbox/faults.ts';
import { startGithubBox } from '../../../src/sandbox/github/box.ts';
import { loadGithubSeed } from '../../../src/sandbox/github/seed.ts';
import { createJournal } from '../../../src/sandbox/journal.ts';
import { problemFrom, repository } from './world.ts';

const file = new URL('../../../deploy/github-app-permissions.yml', import.meta.url);
const levelSchema = z.enum(['read', 'write']);
const levels = z.record(z.string(), levelSchema);
const written = z
  .object({ repository_permissions: levels, organization_permissions: levels })
  .parse(parse(readFileSync(file, 'utf8')));
const permissions = { ...written.repository_permissions, ...written.organization_permissions };

/** Everything that actions do with GitHub. */
async function doEverything(forge: Forge, key: string): Promise<void> {
  const commit = await forge.resolve(repository, 'v1.4.2');
  await forge.tags(repository, 5);
  await forge.compare(repository, 'v1.4.1', 'v1.4.2');
  await forge.checks(repository, commit?.sha ?? '');
  await forge.deployments(repository, 'staging', 2);
  await forge.findDeployment(repository, 'staging', key);
  const order = {
    repository,
    ref: 'v1.4.2',
    environment: 'staging',
    isProduction: false,
    service: 'payments',
  };
  const { id } = await forge.createDeployment({ ...order, key, by: 'Dana Fox', description: 'v1.4.2' });
  await forge.setDeploymentStatus({
    repository,
    deploymentId: id,
    state: 'in_progress',
    description: 'Runs.',
  });
  const inputs = { version: 'v1.4.2', environment: 'staging', greenlight_request: key };
  const started = await forge.dispatch({ repository, workflow: 'deploy.yml', ref: 'v1.4.2', inputs });
  await forge.findRun(repository, 'deploy.yml', key, 0);
  await forge.run(repository, started.id ?? 0);
  await forge.cancelRun(repository, started.id ?? 0);
  await forge.hasWorkflow(repository, 'deploy.yml');
  await forge.defaultBranch(repository);
  await forge.mergedPulls(repository, [commit?.sha ?? '']);
  await proposeAndMerge(forge, key);
  const room = { repository, name: 'checkout-pr-12' };
  await forge.makeEnvironment({ ...room, mark: key, reviewerTeams: ['checkout'] });
  await forge.environment(repository, room.name);
  await forge.removeEnvironment(repository, room.name);
  await forge.teamPlace('acme', 'checkout', 'priya-nair');
  await forge.addToTeam('acme', 'checkout', 'priya-nair');
  await forge.removeFromTeam('acme', 'checkout', 'priya-nair');
}

async function proposeAndMerge(forge: Forge, key: string): Promise<void> {
  const gitops = 'acme/gitops';
  const at = { kustomizeImage: 'registry.acme.example/checkout' };
  const file = 'checkout/staging/kustomization.yml';
  await forge.readYaml({ repository: gitops, base: 'main', file, at });
  const order = { repository: gitops, base: 'main', file, at, value: '2.8.0', branch: `greenlight/${key}` };
  const pull = await forge.propose({ ...order, title: 'checkout v2.8.0', body: key });
  await forge.pull(gitops, pull?.number ?? 0);
  await forge.merge({ repository: gitops, number: pull?.number ?? 0, headSha: pull?.headSha ?? '' });
  await forge.withdraw(gitops, order.branch);
}

async function signedInWith(granted: Readonly<Record<string, 'read' | 'write'>>): Promise<Forge> {
  const seed = loadGithubSeed();
  const [first] = seed.tokens;
  if (!first) throw new Error('the seed has no token');
  const token = 'ghs_sandboxLeast000000000000000000000000000';
  const clock = createWorldClock({ mode: 'still', startAt: Date.parse('2026-11-20T09:00:00Z') });
  const box = await startGithubBox({
    ...{ port: 0, clock, faults: createFaults(), journal: createJournal() },
    seed: { ...seed, tokens: [{ ...first, token, permissions: { ...granted } }] },
  });
  onTestFinished(() => box.stop());
  return connectGithub({ auth: { token }, baseUrl: box.url });
}

it('the permissions suffice for everything that actions do', async () => {
  await doEverything(await signedInWith(permissions), 'REQ-12');
});

// Every App may read metadata, so that it cannot be taken away.
it.each(Object.entries(permissions).filter(([name]) => name !== 'metadata'))(
  'without %s: %s something is refused, and says where rights are listed',
  async (name, level) => {
    const { [name]: _, ...others } = permissions;
    const forge = await signedInWith(level === 'write' ? { ...others, [name]: 'read' } : others);
    const found = await problemFrom(doEverything(forge, 'REQ-12'));
    expect(found.code).toBe('outside_refused');
    expect(found.next).toContain('deploy/github-app-permissions.yml');
    expect(found.detail).toContain(`${name}=${level}`);
  },
);
