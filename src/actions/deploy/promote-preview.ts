/** What a promotion would change, service by service: each is judged by itself. */
import type { Preview, ReadContext, Target } from '../../core/action.ts';
import type { SeenChange } from '../../core/preview.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { listOf } from '../../core/text.ts';
import { serviceTarget } from '../service/place.ts';
import { named } from './delivery.ts';
import { previewDeploy } from './preview.ts';
import { serviceOf } from './service.ts';

export interface AskedSet {
  readonly services: readonly string[];
  readonly from: string;
  readonly to: string;
}

/** A card lists no more in all than for one service. */
const commitsShownMax = 10;

/** @throws ProblemError naming the first service that has nothing to promote. */
export async function previewSet({ services, from, to }: AskedSet, context: ReadContext): Promise<Preview> {
  const parts = await Promise.all(
    services.map(async (service) => {
      const entry = serviceOf(context.catalog, { service });
      const version = await runsIn(service, entry.repository, from, context);
      const preview = await previewDeploy({ service, version, environment: to }, entry, context);
      return { service, version, preview };
    }),
  );
  const previews = parts.map((part) => part.preview);
  const changes = previews.map(({ change }) => change);
  return {
    sentence: `Promotes ${listOf(parts.map(({ service, version }) => `${service} ${version}`))} from ${from} to ${to}${parts.length === 1 ? '' : ', one after the other'}.`,
    details: parts.map(({ service, preview }) => ({ label: service, value: partWords(preview) })),
    commits: previews.flatMap((preview) => preview.commits).slice(0, commitsShownMax),
    pulls: previews.flatMap((preview) => preview.pulls ?? []),
    resolved: Object.fromEntries(
      parts.flatMap(({ service, preview }) =>
        Object.entries(preview.resolved).map(([name, value]) => [named(service, name), value]),
      ),
    ),
    cautions: parts.flatMap(({ service, preview }) =>
      preview.cautions.map((caution) => `${service}: ${caution}`),
    ),
    parts: parts.map(({ service, preview }) => ({
      target: partTarget(service, to, context),
      change: preview.change ?? 'unknown',
    })),
    // The sum, for who reads it; the guardrails look at each part.
    change: changes.some((change) => change === undefined || change === 'unknown')
      ? 'unknown'
      : sumOf(changes.filter((change) => change !== undefined && change !== 'unknown')),
  };
}

function partWords({ sentence, details }: Preview): string {
  const checks = details.find(({ label }) => label === 'Checks')?.value;
  return checks === undefined ? sentence : `${sentence} Checks: ${checks}.`;
}

/** By its newest deploy there: one that failed or is on its way is nothing to promote. */
async function runsIn(
  service: string,
  repository: string,
  environment: string,
  { forge }: ReadContext,
): Promise<string> {
  const [newest] = await forge.deployments(repository, environment, 1);
  if (newest?.state === 'success') return newest.ref;
  const what = newest
    ? `${newest.ref} is there as "${newest.state.replaceAll('_', ' ')}"`
    : 'it was never deployed there';
  throw new ProblemError(
    problem(
      'not_found',
      `${service} has nothing in ${environment} that could be promoted: ${what}.`,
      `Bring a version there first: /deploy ${service} … to ${environment}`,
    ),
  );
}

/** As if it were asked for alone. */
function partTarget(service: string, environment: string, { catalog }: ReadContext): Target {
  const target = serviceTarget({ service, environment }, catalog);
  if (target.ok) return target.value;
  throw new ProblemError(target.problem);
}

const worstFirst = {
  checks: ['red', 'pending', 'none', 'green'],
  requiredChecks: ['red', 'missing', 'pending', 'none', 'green'],
  order: ['unknown', 'skipped', 'by_hand', 'kept'],
} as const;

export function sumOf(changes: readonly SeenChange[]): SeenChange {
  const sum = (of: (change: SeenChange) => number) => changes.reduce((all, one) => all + of(one), 0);
  const worst = <State extends string>(order: readonly State[], states: readonly State[]) =>
    order.find((state) => states.includes(state));
  return {
    commits: sum((one) => one.commits),
    authors: authorsOfAll(changes),
    strangers: sum((one) => one.strangers),
    checks:
      worst(
        worstFirst.checks,
        changes.map((one) => one.checks),
      ) ?? 'none',
    requiredChecks:
      worst(
        worstFirst.requiredChecks,
        changes.map((one) => one.requiredChecks),
      ) ?? 'none',
    migrations: changes.some((one) => one.migrations),
    order:
      worst(
        worstFirst.order,
        changes.map((one) => one.order),
      ) ?? 'unknown',
    size: {
      files: sum((one) => one.size.files),
      additions: sum((one) => one.size.additions),
      deletions: sum((one) => one.size.deletions),
    },
  };
}

function authorsOfAll(changes: readonly SeenChange[]): SeenChange['authors'] {
  const lists = changes.map((one) => one.authors);
  const known = lists.filter((list) => list !== 'unknown');
  return known.length < lists.length ? 'unknown' : [...new Set(known.flat())].sort();
}
