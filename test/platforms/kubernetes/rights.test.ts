/** deploy/kubernetes-rbac.yml against a cluster that enforces it: it suffices for all we do, and holds nothing besides. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readClusterSeed } from '../../../src/sandbox/cluster/seed.ts';
import type { JournalEntry } from '../../../src/sandbox/journal.ts';
import { catalog } from '../../approvals/shipped.ts';
import { rights, rightsInSeed, rightsShipped, roleSchema } from '../../kubernetes-rights.ts';
import { clusterWithRights, doEverything, lookAround } from './rights-world.ts';

describe('the rights in deploy/kubernetes-rbac.yml', () => {
  it('suffice for everything that actions do and people look at', async () => {
    const { least, ...world } = await clusterWithRights();
    await doEverything(least);
    await lookAround(world);
  });

  it('are those that the sandbox gives', () => {
    expect(rightsInSeed(readClusterSeed())).toEqual(rightsShipped());
  });

  it('let Greenlight act for the people and groups of the catalog, and for nobody else', () => {
    const role = rights.find((one) => one.metadata.name === 'greenlight-impersonate');
    const named = roleSchema
      .parse(role)
      .rules.map(({ resources, resourceNames }) => [
        ...resources,
        ...z.array(z.string()).parse(resourceNames),
      ]);
    const people = Object.values(catalog.groups).flatMap(({ members }) => members);
    expect(named).toEqual([
      ['users', ...people],
      ['groups', ...Object.keys(catalog.groups)],
    ]);
  });

  it('hold nothing that nobody uses', async () => {
    const { least, ...world } = await clusterWithRights();
    const before = world.journal.since(0).at(-1)?.id ?? 0;
    await doEverything(least);
    await lookAround(world);
    const used = new Set(world.journal.since(before).flatMap(rightsUsedBy));
    const unasked = /^(?:impersonate|bind) /;
    expect(rightsShipped().filter((right) => !unasked.test(right) && !used.has(right))).toEqual([]);
  });

  it('do not let Greenlight read a Secret or delete what nobody must end before a namespace goes', async () => {
    const { least, admin } = await clusterWithRights();
    const secret = { apiVersion: 'v1', kind: 'Secret', name: 's', namespace: 'payments-production' };
    await expect(least.read(secret)).rejects.toThrow('no right to get secrets');
    const configMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', namespace: 'payments-production' },
    };
    await admin.apply(configMap);
    await expect(least.remove({ ...configMap, ...configMap.metadata }, {})).rejects.toThrow(
      'no right to delete configmaps',
    );
  });
});

/** `PATCH /apis/apps/v1/namespaces/a/deployments/b` as `patch apps/deployments`, and what it takes when there is none. */
function rightsUsedBy({ operation, response }: Pick<JournalEntry, 'operation' | 'response'>): string[] {
  const [method = '', target = ''] = operation.split(' ');
  const [path = ''] = target.split('?');
  const parts = path.split('/').slice(1);
  const group = parts[0] === 'api' ? '' : (parts[1] ?? '');
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3);
  const inside = rest[0] === 'namespaces' && rest.length > 2 ? rest.slice(2) : rest;
  const [resource = '', name, sub] = inside;
  const about = `${group}/${resource}${sub === undefined ? '' : `/${sub}`}`;
  const reading = name !== undefined ? 'get' : response === '(a stream)' ? 'watch' : 'list';
  const verbs =
    { GET: [reading], POST: ['create'], PATCH: ['create', 'patch'], DELETE: ['delete'] }[method] ?? [];
  return verbs.map((verb) => `${verb} ${about}`);
}
