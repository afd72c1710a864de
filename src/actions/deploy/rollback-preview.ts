/** What a rollback would do: which version it leads to, and what goes with the one that runs now. */
import type { Preview, ReadContext } from '../../core/action.ts';
import { formatDuration } from '../../core/duration.ts';
import type { Comparison } from '../../core/forge.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import type { Service } from '../../core/service.ts';
import { count, listOf } from '../../core/text.ts';
import { placeText } from '../service/place.ts';
import { authorFacts, migrationsIn, orderOf, requiredChecks, sizeOf } from './facts.ts';
import { type WayBack, wayBack } from './last-good.ts';
import { handCaution } from './preview-words.ts';
import { previewRevision } from './revision-preview.ts';
import { onCluster } from './running.ts';
import { wayOfDeploying } from './service.ts';
import { resolveVersion, type Version } from './version.ts';

export interface AskedBack {
  readonly service: string;
  readonly environment: string;
  readonly version?: string | undefined;
}

/** How far back a way is looked for: what is older meets another world. GitHub is asked for the state of each. */
const deploymentsSeenMax = 20;

/** @throws ProblemError `not_found` when nothing is known to have worked there before. */
export async function previewRollback(
  asked: AskedBack,
  service: Service,
  context: ReadContext,
): Promise<Preview> {
  const [deployments, cluster] = await Promise.all([
    context.forge.deployments(service.repository, asked.environment, deploymentsSeenMax),
    onCluster(asked, context),
  ]);
  const running = cluster && 'version' in cluster ? cluster.version : undefined;
  const way = wayBack(deployments, running, asked.version);
  if (!way?.to) {
    const mayAskCluster = asked.version === undefined && service.deploy.by === 'image';
    const preview = mayAskCluster ? await previewRevision(asked, context) : undefined;
    if (preview) return preview;
    throw new ProblemError(noWayBack(asked, way));
  }
  return previewTo(asked, service, { ...way, to: way.to }, context);
}

async function previewTo(
  asked: AskedBack,
  service: Service,
  { from, to }: Required<WayBack> & { to: NonNullable<WayBack['to']> },
  context: ReadContext,
): Promise<Preview> {
  const { forge } = context;
  const { repository } = service;
  const version = await sameAsThen(asked, service, to, context);
  const [gone, checks, order] = await Promise.all([
    forge.compare(repository, to.sha, from.sha),
    forge.checks(repository, to.sha),
    orderOf(service, asked.environment, to.sha, context),
  ]);
  const migrations = migrationsIn(service, gone);
  return {
    sentence: `Rolls ${asked.service} in ${asked.environment} back from ${from.ref} to ${version.name}.`,
    details: [
      { label: 'Goes', value: `${from.ref}, there for ${formatDuration(context.now - from.at)}` },
      {
        label: 'Comes back',
        value: `${version.name}, deployed ${formatDuration(context.now - to.at)} ago by ${to.by}`,
      },
      { label: 'Taken out', value: takenOut(gone) },
    ],
    commits: [],
    compareUrl: gone.url,
    resolved: {
      commit: to.sha,
      version: version.name,
      'way of deploying': wayOfDeploying(service, asked.environment),
      place: placeText(asked, context.catalog),
      'rolled back from': from.sha,
      'running version': from.ref,
    },
    cautions: [
      ...(to.byHand === undefined ? [] : [handCaution(version.name, asked.environment, to.byHand)]),
      ...(migrations.length > 0
        ? [
            `Data was migrated since (${listOf(migrations.slice(0, 3))}): the former version meets it as it is now.`,
          ]
        : []),
      ...(checks.state === 'red' ? [`Checks of ${version.name} are red by now.`] : []),
    ],
    change: {
      commits: gone.total,
      ...authorFacts(gone.commits, gone.total, context.catalog),
      checks: checks.state,
      requiredChecks: requiredChecks(service, checks),
      migrations: migrations.length > 0,
      order: order.state,
      size: sizeOf(gone),
    },
  };
}

/** By its name where that still leads to the same commit; a tag that was moved since would bring something else. */
async function sameAsThen(
  asked: AskedBack,
  entry: Service,
  to: { readonly ref: string; readonly sha: string },
  { forge }: ReadContext,
): Promise<Version> {
  const named = await forge.resolve(entry.repository, to.ref);
  const name = named?.sha === to.sha && named.as === 'tag' ? to.ref : to.sha;
  return resolveVersion(forge, { name: asked.service, entry }, name);
}

function takenOut({ commits, total }: Comparison): string {
  if (total === 0) return 'nothing: it is not newer';
  const titles = commits.slice(0, 3).map((commit) => commit.title);
  return `${count(total, 'commit')}: ${listOf(titles)}${total > 3 ? ', …' : ''}`;
}

function noWayBack({ service, environment, version }: AskedBack, way: WayBack | undefined) {
  if (version !== undefined) {
    const sentence = `${version} is not known to have worked in ${environment} before what runs there now.`;
    return problem(
      'bad_input',
      sentence,
      `Bring it there as a deploy: /deploy ${service} ${version} to ${environment}`,
      {
        fields: { version: sentence },
      },
    );
  }
  const before = way ? `before ${way.from.ref} ` : '';
  return problem(
    'not_found',
    `No version of ${service} ${before}is known to have worked in ${environment}.`,
    `Name one as a deploy: /deploy ${service} … to ${environment}`,
  );
}
