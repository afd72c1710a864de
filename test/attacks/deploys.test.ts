/** Somebody who may push to the repositories, and would like more to go out than people have agreed to. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveVersion, versionPattern } from '../../src/actions/deploy/version.ts';
import { withYamlValue, yamlValueAt } from '../../src/platforms/github/yaml-place.ts';
import { type Bench, benchWorld, readingIn, shipped } from '../actions/bench-world.ts';
import { githubWorld, problemFrom } from '../platforms/github/world.ts';

const gitops = 'acme/gitops';
const order = {
  ...{ repository: gitops, base: 'main', file: 'checkout/staging/kustomization.yml' },
  ...{ at: { kustomizeImage: 'registry.acme.example/checkout' }, value: '2.8.0' },
  ...{ branch: 'greenlight/req-1', title: 'checkout v2.8.0', body: 'REQ-1' },
};

describe('a pull request under our name', () => {
  type Taken = { readonly file: string; readonly more?: string; readonly base?: string };

  /** What a hand that may push has done before us. */
  async function taken({ file, more = '', base = 'main' }: Taken) {
    const world = await githubWorld();
    const call = async (method: string, path: string, body?: unknown) => {
      const headers = { authorization: 'Bearer ghs_sandboxGreenlightInstallation0000000000' };
      const answer = await fetch(`${world.box.url}/repos/${gitops}/${path}`, {
        method,
        headers: { ...headers, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      expect(answer.ok, `${method} ${path}`).toBe(true);
      return (await answer.json()) as { object: { sha: string }; sha: string; content: string };
    };
    const { object } = await call('GET', 'git/ref/heads/main');
    const ref = `refs/heads/${order.branch}`;
    await call('POST', 'git/refs', { ref, sha: object.sha });
    if (base !== 'main') await call('POST', 'git/refs', { ref: `refs/heads/${base}`, sha: object.sha });
    const { sha, content } = await call('GET', `contents/${file}`);
    const was = Buffer.from(content, 'base64').toString();
    const text = file === order.file ? withYamlValue(was, order.at, '2.8.0', file) : was;
    const changed = Buffer.from(`${text}${more}`).toString('base64');
    await call('PUT', `contents/${file}`, {
      ...{ message: 'x', content: changed, sha, branch: order.branch },
    });
    return { ...world, open: () => call('POST', 'pulls', { title: 'x', head: order.branch, base }) };
  }

  test.each([
    ['more in the same file', { file: order.file, more: '# and more\n' }],
    ['another file', { file: 'checkout/production/kustomization.yml', more: '# x\n' }],
    ['another branch to be merged into', { file: order.file, base: 'release' }],
  ])('that holds %s is not merged with our rights', async (_what, hand) => {
    const { forge, open } = await taken(hand);
    await open();
    const refused = await problemFrom(forge.propose(order));
    expect(refused.sentence).toMatch(/pull request #\d+ changes more than the version/);
  });

  test('is not opened from a branch that somebody has filled before us', async () => {
    const { forge } = await taken({ file: 'checkout/production/kustomization.yml', more: '# x\n' });
    expect((await problemFrom(forge.propose(order))).code).toBe('conflict');
  });

  test('that holds exactly our change is as good as ours', async () => {
    const { forge, open } = await taken({ file: order.file });
    await open();
    expect(await forge.propose(order)).toMatchObject({ state: 'open' });
  });
});

describe("a version's name", () => {
  const entry = { repository: 'acme/payments', deploy: { by: 'workflow', workflow: 'deploy.yml' } };
  const service = { name: 'payments', entry } as unknown as Parameters<typeof resolveVersion>[1];
  const commit = { sha: 'a'.repeat(40), title: '', author: '', authorEmail: '', url: '', as: 'tag' as const };
  const forge = (tags: readonly string[]) =>
    ({ tags: async () => tags, resolve: async () => commit }) as unknown as Parameters<
      typeof resolveVersion
    >[0];

  test('that is a command is not the latest', async () => {
    const tags = ['v9.9.9+$(id)', 'v2.0.0+";evil', 'v1.0.0'];
    expect(await resolveVersion(forge(tags), service, 'latest')).toMatchObject({ name: 'v1.0.0' });
  });

  test('that is a command goes nowhere, whoever has named it', async () => {
    for (const name of ['v1+$(id)', '--force', 'a/../../b', '`id`', "v1'", '/etc', 'v1\nv2']) {
      expect(versionPattern.test(name), name).toBe(false);
      await expect(resolveVersion(forge([]), service, name)).rejects.toThrow(/characters that no version/);
    }
  });

  test.each(['"', "'"])('that closes its quote %s stays one value of the file', (quote) => {
    const text = `{ tag: ${quote}1.0${quote}, image: good }\n`;
    const value = `2${quote}, image: evil, x: ${quote}y`;
    const changed = withYamlValue(text, { path: ['tag'] }, value, 'values.yml');
    expect(yamlValueAt(changed, { path: ['tag'] }, 'values.yml')).toBe(value);
    expect(yamlValueAt(changed, { path: ['image'] }, 'values.yml')).toBe('good');
  });
});

describe('what people are told of', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await benchWorld();
  });
  afterAll(() => bench.close());

  const previewOf = (action: string, input: object) => {
    const found = shipped.get(action);
    if (!found || found.effect === 'read') throw new Error('no such change');
    return found.preview(found.input.parse(input), readingIn(bench));
  };

  test('a bare commit that is on no default branch, and may be of a fork', async () => {
    const { forge } = bench.context.outside;
    const cautionsOf = async (sha: string) => {
      const asked = { service: 'payments', environment: 'staging', version: sha };
      return (await previewOf('deploy', asked)).cautions.join();
    };
    const known = (await forge.resolve('acme/payments', 'v1.4.2'))?.sha ?? '';
    expect(await cautionsOf(known)).not.toContain('fork');
    const stray = (await forge.resolve('acme/payments', 'cancel-old-authorisations'))?.sha ?? '';
    expect(await cautionsOf(stray)).toContain('It is not on the default branch, and may come from a fork');
  });

  test('a record by hand: who wrote it, not whom it names, and belongs to no request of ours', async () => {
    const newest = await bench.context.outside.forge.deployments('acme/payments', 'production', 1);
    expect(newest).toEqual([expect.objectContaining({ byHand: expect.any(String) })]);
    expect(newest[0]?.by).toBe(newest[0]?.byHand);
    expect(newest[0]?.key).toBeUndefined();
  });

  test('a record by hand that a rollback leads to', async () => {
    const { cautions } = await previewOf('deploy.rollback', { service: 'checkout', environment: 'staging' });
    expect(cautions.join()).toMatch(/stands only in a record that [\w-]+ wrote at GitHub by hand/);
  });

  test('a record by hand clears no way for a deploy, and is told as what it is', async () => {
    const asked = { service: 'checkout', environment: 'production', version: 'v2.7.1' };
    const { cautions, change } = await previewOf('deploy', asked);
    expect(change).toMatchObject({ order: 'by_hand' });
    expect(cautions.join()).toMatch(/worked in staging stands only in a record that [\w-]+ wrote/);
  });
});
