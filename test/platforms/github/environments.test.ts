import { describe, expect, it } from 'vitest';
import { githubWorld, overtakenAfter, problemFrom, repository } from './world.ts';

describe('a deployment environment', () => {
  const order = { repository, name: 'checkout-pr-12', mark: 'REQ-12-m3k9x1', reviewerTeams: [] };

  it('is made with our mark, found by it, and removed', async () => {
    const { forge } = await githubWorld();
    expect(await forge.environment(repository, order.name)).toBeUndefined();
    await forge.makeEnvironment(order);
    expect(await forge.environment(repository, order.name)).toMatchObject({ mark: order.mark });
    await forge.removeEnvironment(repository, order.name);
    expect(await forge.environment(repository, order.name)).toBeUndefined();
  });

  it('is made once, however often it is asked for, and removed as often', async () => {
    const { forge } = await githubWorld();
    await forge.makeEnvironment(order);
    await forge.makeEnvironment(order);
    expect(await forge.environment(repository, order.name)).toMatchObject({ mark: order.mark });
    await forge.removeEnvironment(repository, order.name);
    await forge.removeEnvironment(repository, order.name);
  });

  it('that somebody else made carries no mark', async () => {
    const { forge } = await githubWorld();
    expect(await forge.environment(repository, 'production')).toMatchObject({ mark: '' });
  });

  it('asks the teams that are named', async () => {
    const { forge, box } = await githubWorld();
    await forge.makeEnvironment({ ...order, reviewerTeams: ['sre'] });
    const response = await fetch(`${box.url}/repos/${repository}/environments/${order.name}`, {
      headers: {
        authorization: 'Bearer ghs_sandboxGreenlightInstallation0000000000',
        'user-agent': 'test',
      },
    });
    expect(JSON.stringify(await response.json())).toContain('"slug":"sre"');
  });

  it.each([
    { writes: 0, left: undefined },
    { writes: 1, left: { mark: '' } },
  ])('is not gone on with after $writes writes once another carries it on', async ({ writes, left }) => {
    const { forge } = await githubWorld();
    const refused = await problemFrom(forge.makeEnvironment(order, overtakenAfter(writes)));
    expect(refused.sentence).toBe('Another goes on.');
    const found = await forge.environment(repository, order.name);
    expect(found && { mark: found.mark }).toEqual(left);
  });

  it('is not made when a team that should review does not exist', async () => {
    const { forge } = await githubWorld();
    const problem = await problemFrom(forge.makeEnvironment({ ...order, reviewerTeams: ['nobody'] }));
    expect(problem.code).toBe('not_found');
    expect(await forge.environment(repository, order.name)).toBeUndefined();
  });
});

describe("a person's place in a team", () => {
  it('is taken and given back', async () => {
    const { forge } = await githubWorld();
    expect(await forge.teamPlace('acme', 'checkout', 'priya-nair')).toBe('none');
    expect(await forge.addToTeam('acme', 'checkout', 'priya-nair')).toBe('member');
    expect(await forge.teamPlace('acme', 'checkout', 'priya-nair')).toBe('member');
    await forge.removeFromTeam('acme', 'checkout', 'priya-nair');
    await forge.removeFromTeam('acme', 'checkout', 'priya-nair');
    expect(await forge.teamPlace('acme', 'checkout', 'priya-nair')).toBe('none');
  });

  it('in a team that does not exist is no "no": it is refused', async () => {
    const { forge } = await githubWorld();
    expect((await problemFrom(forge.teamPlace('acme', 'nobody', 'priya-nair'))).code).toBe('not_found');
  });
});
