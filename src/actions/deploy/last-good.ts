/** Where a rollback leads: the newest version that worked there before the one that is to go. Pure. */
import type { Deployment } from '../../core/forge.ts';
import { sameVersion } from './running.ts';

export interface WayBack {
  /** What is to go: it runs now, or was on its way when something went wrong. */
  readonly from: Deployment;
  /** `undefined`: nothing before it is known to have worked. */
  readonly to: Deployment | undefined;
}

/**
 * `onCluster`: the version that the cluster runs, when it can be told. A deploy that failed may have left the environment
 * on either side: where the cluster does not run what GitHub last saw succeed, the failed one is what is to go.
 * @param deployments newest first. @returns `undefined` when nothing ever worked there.
 */
export function wayBack(
  deployments: readonly Deployment[],
  onCluster: string | undefined,
  asked?: string,
): WayBack | undefined {
  const [newest] = deployments;
  const good = deployments.filter(({ state }) => state === 'success' || state === 'inactive');
  const lastGood = good.find(({ state }) => state === 'success') ?? good[0];
  if (!newest || !lastGood) return undefined;
  const isHalfOut =
    newest.id !== lastGood.id &&
    onCluster !== undefined &&
    onCluster !== '' &&
    !sameVersion(lastGood.ref, onCluster);
  const from = isHalfOut || (asked !== undefined && isNamed(lastGood, asked)) ? newest : lastGood;
  // What was rolled back from once is no way back, until it has worked again since.
  const isTainted = ({ id, sha }: Deployment) =>
    deployments.some((one) => one.id > id && one.rolledBackFrom === sha);
  const before = good.filter(
    (one) => one.id < from.id && one.sha !== from.sha && (asked !== undefined || !isTainted(one)),
  );
  const to = asked === undefined ? before[0] : before.find((one) => isNamed(one, asked));
  return { from, to };
}

/** By the name it went out by, or by its commit. */
function isNamed({ ref, sha }: Deployment, asked: string): boolean {
  return ref === asked || (/^[0-9a-f]{7,40}$/.test(asked) && sha.startsWith(asked));
}
