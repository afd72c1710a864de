/** How far the chain had come by what this machine keeps outside the database. */
import { readFile } from 'node:fs/promises';
import type { SignedCheckpoint } from '../../core/audit.ts';
import { checkpointsIn, type PublicKey } from '../checkpoint.ts';

/** What cannot be read, or is not of this key, says nothing: a place that is away must not end the signing. */
export async function newestWitness(
  files: readonly string[],
  key: PublicKey,
): Promise<SignedCheckpoint | undefined> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return texts
    .flatMap(checkpointsIn)
    .toSorted((one, other) => other.checkpoint.position - one.checkpoint.position)
    .find((one) => key.verifies(one));
}
