/** Each right in deploy/kubernetes-rbac.yml taken away, one at a time: something is refused then. */
import { expect, it } from 'vitest';
import type { z } from 'zod';
import { rights, roleSchema } from '../../kubernetes-rights.ts';
import { clusterWithRights, doEverything, lookAround, namespaceRef, operated } from './rights-world.ts';

/** A real server asks for `create` when an apply finds nothing to change; the sandbox's asks for `patch` alone. */
const notEnforced = 'create';

it('the rights hold nothing that could be taken away', async () => {
  const { least, ...world } = await clusterWithRights();
  const { admin, clock } = world;
  const everything = async () => {
    await doEverything(least);
    await lookAround(world);
  };
  const unneeded: string[] = [];
  for (const role of rights.filter((one) => one.kind === 'ClusterRole')) {
    for (const { without, rules } of oneLess(roleSchema.parse(role).rules)) {
      await admin.reapply({ ...role, rules });
      const isRefused = await everything().then(
        () => false,
        (error: unknown) => error instanceof Error && /has no right|refused/.test(error.message),
      );
      if (!isRefused) unneeded.push(`${role.metadata.name}: ${without}`);
      await admin.reapply(role);
      // Each try begins without the namespace of the one before; what operators end goes while it is there.
      for (const ref of operated) await admin.remove(ref, {});
      await clock.advance(10_000);
      await admin.remove(namespaceRef, {});
      await clock.advance(600_000);
    }
  }
  expect(unneeded).toEqual([]);
}, 600_000);

/** The same rules with one verb on one resource taken away, for every such pair. */
function oneLess(rules: z.infer<typeof roleSchema>['rules']) {
  return rules.flatMap((rule, index) =>
    rule.resources.flatMap((resource) =>
      rule.verbs
        .filter((verb) => verb !== notEnforced)
        .map((verb) => ({
          without: `${verb} ${resource}`,
          rules: rules.flatMap((other, place) => {
            if (place !== index) return [other];
            const others = { ...rule, resources: rule.resources.filter((one) => one !== resource) };
            const less = { ...rule, resources: [resource], verbs: rule.verbs.filter((one) => one !== verb) };
            return [others, less].filter((one) => one.resources.length > 0 && one.verbs.length > 0);
          }),
        })),
    ),
  );
}
