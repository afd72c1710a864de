/** What can be wrong inside a blueprint: placeholders, names, and a Deployment to wait for that nothing makes. */
import { type Blueprint, blueprintPlaceholders } from '../core/inline-blueprint.ts';
import { checkTemplate } from '../core/template.ts';
import { didYouMean, listOf } from '../core/text.ts';
import type { Mistake } from '../documents/document.ts';
import type { Path, Positions } from '../documents/positions.ts';

export function blueprintMistakes(blueprint: Blueprint, path: Path, positions: Positions): Mistake[] {
  const { manifests, ready, outputs } = blueprint;
  return [
    ...placeholderMistakes({ manifests, ready, outputs }, path, positions),
    ...manifests.flatMap((manifest, index) =>
      manifestMistakes(manifest, [...path, 'manifests', index], positions),
    ),
    ...readyMistakes(blueprint, path, positions),
  ];
}

function placeholderMistakes(texts: unknown, path: Path, positions: Positions): Mistake[] {
  return checkTemplate(texts, blueprintPlaceholders).map((mistake) => {
    const where = [...path, ...mistake.path];
    return positions.inside(where, mistake.offset, `${where.join('.')}: ${mistake.message}`);
  });
}

function manifestMistakes(
  manifest: Blueprint['manifests'][number],
  path: Path,
  positions: Positions,
): Mistake[] {
  const metadata = metadataOf(manifest);
  if (typeof metadata.name !== 'string') {
    return [positions.at(path, `${path.join('.')}: metadata.name is missing.`)];
  }
  if (metadata.namespace !== undefined) {
    const where = [...path, 'metadata', 'namespace'];
    const message = 'leave it out: every object goes into the environment that is being made.';
    return [positions.at(where, `${where.join('.')}: ${message}`)];
  }
  return [];
}

function readyMistakes(blueprint: Blueprint, path: Path, positions: Positions): Mistake[] {
  const deployments = blueprint.manifests
    .filter(({ kind }) => kind === 'Deployment')
    .map((manifest) => String(metadataOf(manifest).name));
  const { deployment } = blueprint.ready;
  if (deployments.includes(deployment)) return [];
  const made =
    deployments.length > 0 ? `The manifests make ${listOf(deployments)}.` : 'The manifests make none.';
  const where = [...path, 'ready', 'deployment'];
  return [
    positions.at(
      where,
      `${where.join('.')}: there is no Deployment "${deployment}". ${made}${didYouMean(deployment, deployments)}`,
    ),
  ];
}

function metadataOf(manifest: Blueprint['manifests'][number]): { name?: unknown; namespace?: unknown } {
  const { metadata } = manifest;
  return metadata !== null && typeof metadata === 'object' ? metadata : {};
}
