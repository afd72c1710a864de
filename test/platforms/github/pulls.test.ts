/** Pull requests of ours, against the sandbox's GitHub: found again whatever answer was lost. */
import { describe, expect, it } from 'vitest';
import { withYamlValue, yamlValueAt } from '../../../src/platforms/github/yaml-place.ts';
import { type GithubWorld, githubWorld, overtakenAfter, problemFrom, repository } from './world.ts';

const gitops = 'acme/gitops';
const at = { kustomizeImage: 'registry.acme.example/checkout' };
const where = { repository: gitops, base: 'main', file: 'checkout/staging/kustomization.yml', at };
const order = {
  ...where,
  value: '2.8.0',
  branch: 'greenlight/req-1',
  title: 'checkout v2.8.0',
  body: 'REQ-1',
};

const branchesOf = async ({ box }: GithubWorld) => {
  const answer = await fetch(`${box.url}/repos/acme/gitops/branches`, {
    headers: { authorization: 'Bearer ghs_sandboxGreenlightInstallation0000000000' },
  });
  return ((await answer.json()) as { name: string }[]).map((branch) => branch.name);
};

describe('a proposal', () => {
  it('changes one value on a branch of its own, and is merged by the head that was looked at', async () => {
    const world = await githubWorld();
    const { forge } = world;
    expect(await forge.readYaml(where)).toBe('2.7.1');
    const pull = await forge.propose(order);
    expect(pull).toMatchObject({ state: 'open' });
    expect(await forge.readYaml(where)).toBe('2.7.1');
    const { number = 0, headSha = '' } = pull ?? {};
    expect(await forge.pull(gitops, number)).toMatchObject({ mergeable: 'yes', headSha });
    const stale = forge.merge({ repository: gitops, number, headSha: 'a'.repeat(40) });
    expect((await problemFrom(stale)).code).toBe('conflict');
    expect(await forge.merge({ repository: gitops, number, headSha })).toEqual({ state: 'merged' });
    expect(await forge.pull(gitops, number)).toMatchObject({ state: 'merged' });
    expect(await forge.readYaml(where)).toBe('2.8.0');
  });

  it.each(['POST */git/refs', 'PUT */contents/*', 'POST */pulls'])(
    'whose answer to %s was lost is found, not made twice',
    async (operation) => {
      const world = await githubWorld();
      world.faults.add({ box: 'github', operation, fault: { kind: 'lost-response' }, times: 1 });
      await problemFrom(world.forge.propose(order));
      const again = await world.forge.propose(order);
      expect(await world.forge.findPull(gitops, order.branch)).toMatchObject({ number: again?.number });
      expect((await branchesOf(world)).sort()).toEqual(['greenlight/req-1', 'main']);
    },
  );

  it.each([
    { writes: 0, branches: ['main'] },
    { writes: 1, branches: ['greenlight/req-1', 'main'], says: '2.7.1' },
    { writes: 2, branches: ['greenlight/req-1', 'main'], says: '2.8.0' },
  ])(
    'is not gone on with after $writes writes once another carries it on',
    async ({ writes, branches, says }) => {
      const world = await githubWorld();
      const refused = await problemFrom(world.forge.propose(order, overtakenAfter(writes)));
      expect(refused.sentence).toBe('Another goes on.');
      expect((await branchesOf(world)).sort()).toEqual(branches);
      if (says) expect(await world.forge.readYaml({ ...where, base: order.branch })).toBe(says);
      expect(await world.forge.findPull(gitops, order.branch)).toBeUndefined();
    },
  );

  it('of what stands there already is none', async () => {
    const { forge } = await githubWorld();
    expect(await forge.propose({ ...order, value: '2.7.1' })).toBeUndefined();
  });

  it('is withdrawn whole, and that twice', async () => {
    const world = await githubWorld();
    const pull = await world.forge.propose(order);
    await world.forge.withdraw(gitops, order.branch);
    await world.forge.withdraw(gitops, order.branch);
    expect(await world.forge.pull(gitops, pull?.number ?? 0)).toMatchObject({ state: 'closed' });
    expect(await branchesOf(world)).toEqual(['main']);
  });

  it.each([
    { writes: 0, state: 'open', branches: ['greenlight/req-1', 'main'] },
    { writes: 1, state: 'closed', branches: ['greenlight/req-1', 'main'] },
  ])(
    'is withdrawn no further after $writes writes once another carries it on',
    async ({ writes, state, branches }) => {
      const world = await githubWorld();
      const pull = await world.forge.propose(order);
      const refused = await problemFrom(world.forge.withdraw(gitops, order.branch, overtakenAfter(writes)));
      expect(refused.sentence).toBe('Another goes on.');
      expect(await world.forge.pull(gitops, pull?.number ?? 0)).toMatchObject({ state });
      expect((await branchesOf(world)).sort()).toEqual(branches);
    },
  );

  it('to a file or a branch that is not there says so', async () => {
    const { forge } = await githubWorld();
    expect((await problemFrom(forge.propose({ ...order, file: 'nothing.yml' }))).code).toBe('not_found');
    expect((await problemFrom(forge.propose({ ...order, base: 'nothing' }))).code).toBe('not_found');
  });

  it('that GitHub will not merge yet is refused in its words', async () => {
    const { forge, box } = await githubWorld();
    box.control.protectBranch('gitops', 'main', ['policy']);
    const { number = 0, headSha = '' } = (await forge.propose(order)) ?? {};
    expect(await forge.merge({ repository: gitops, number, headSha })).toMatchObject({
      state: 'refused',
      why: expect.stringContaining('policy'),
    });
  });
});

it('the pull requests that brought some commits are told from all others', async () => {
  const { forge } = await githubWorld();
  const { commits } = await forge.compare(repository, 'v1.4.1', 'v1.4.2');
  const pulls = await forge.mergedPulls(
    repository,
    commits.map((commit) => commit.sha),
  );
  expect(pulls.map(({ number, author }) => [number, author]).sort()).toEqual([
    [181, 'priya-nair'],
    [182, 'max-brandt'],
    [184, 'priya-nair'],
  ]);
});

it('a workflow that is there is told from one that is not', async () => {
  const { forge } = await githubWorld();
  expect(await forge.hasWorkflow(repository, 'deploy.yml')).toBe(true);
  expect(await forge.hasWorkflow(repository, 'release.yml')).toBe(false);
  expect(await forge.defaultBranch(repository)).toBe('main');
});

describe('one value of a YAML file', () => {
  const text = `# by hand, aligned
spec:   { image: app,   tag: "1.0" } # the tag
other:
    - 1
    - tag: '2.0'
plain: 1.0.0
`;
  it.each([
    [['spec', 'tag'], '1.1', 'tag: "1.1" } # the tag'],
    [['other', 1, 'tag'], '2.1', "- tag: '2.1'"],
    [['plain'], '1.0.1', 'plain: 1.0.1'],
    [['plain'], '1.0', 'plain: "1.0"'],
    [['plain'], 'a b: c', 'plain: "a b: c"'],
  ])('at %j becomes %s, and nothing else moves', (path, value, line) => {
    const changed = withYamlValue(text, { path }, value, 'values.yml');
    expect(changed).toContain(line);
    expect(yamlValueAt(changed, { path }, 'values.yml')).toBe(value);
    const differing = changed.split('\n').filter((one, index) => one !== text.split('\n')[index]);
    expect(differing).toHaveLength(1);
  });

  it.each([
    ['a place that is not there', text, { path: ['spec', 'version'] }],
    ['a place that is a map', text, { path: ['spec'] }],
    ['an image that is not named', text, { kustomizeImage: 'app' }],
    ['a file that is no YAML', 'a: [', { path: ['a'] }],
  ])('at %s is refused, by the name of the file', (_title, of, place) => {
    expect(() => withYamlValue(of, place, '1', 'values.yml')).toThrow('values.yml');
    expect(() => yamlValueAt(of, place, 'values.yml')).toThrow('values.yml');
  });
});
